/** French texts: the page that explains a refusal of the REST API. */
import type { problemPageEn } from "../en/problemPage"

export const problemPageFr = {
  title: "Pourquoi une requête a été refusée",
  what: "Ce qui s’est passé, et ce que fait une personne",
  program: "Ce que fait un programme",
  operations: "Opérations qui donnent cette réponse",
  many: "Beaucoup d’opérations, ou toutes ; voir /api/openapi.json.",
  reference:
    "Les noms entre ‹ › sont des valeurs de « parameters » dans la réponse. Gardez son « request_id » : il permet à un administrateur de retrouver la requête dans le journal.",
  status: {
    "400": "Corrigez le champ d’en-tête que nomme la réponse, puis renvoyez la requête.",
    "401":
      "Connectez-vous de nouveau ou utilisez un autre jeton. La même requête avec le même jeton sera encore refusée.",
    "403":
      "Ne répétez pas la requête. Demandez le droit ou la portée à la personne qui possède le jeton, ou à un administrateur.",
    "404":
      "Vérifiez l’identifiant dans l’adresse. L’objet a peut-être été supprimé, ou son propriétaire a retiré le droit.",
    "405": "Comparez la méthode et l’adresse avec /api/openapi.json.",
    "409":
      "Lisez la ressource, changez ce qui fait obstacle, puis réessayez. « subjects » le nomme parfois.",
    "410": "Lisez tout une fois, puis suivez les changements à partir de maintenant.",
    "412":
      "Lisez la ressource de nouveau, reportez-y votre modification et envoyez-la avec le nouvel ETag.",
    "413":
      "Envoyez moins : raccourcissez le texte, ou découpez le fichier en parties plus petites.",
    "415": "Envoyez le Content-Type que décrit l’opération ; pour le JSON, c’est application/json.",
    "422":
      "Corrigez les valeurs, puis renvoyez la requête. « fields » nomme chaque champ erroné avec son propre code.",
    "428": "Lisez la ressource et envoyez son ETag dans If-Match.",
    "429":
      "Attendez le nombre de secondes de l’en-tête Retry-After, puis continuez plus lentement.",
    "500":
      "Réessayez plus tard. Si cela se répète, donnez le « request_id » de la réponse à un administrateur.",
    "503":
      "Attendez le nombre de secondes de l’en-tête Retry-After, puis renvoyez la même requête.",
  },
} satisfies typeof problemPageEn
