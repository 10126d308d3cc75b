/** Textes français du formulaire d’un groupe de serveurs ; pour les administrateurs. */

import type { poolsEn } from "../en/pools"
import { folderFr } from "./folder"

export const poolsFr: typeof poolsEn = {
  back: "Serveurs",
  gives: "Jusqu’à {{cpu}} cœurs et {{memory}} chacun",
  givesGpus_one: "{{count}} GPU",
  givesGpus_other: "{{count}} GPU",
  newTitle: "Nouveau groupe",
  newText: "Un type de serveur que les cours peuvent choisir.",
  changeText: "Les environnements en marche gardent ce qu’ils ont jusqu’à leur prochain démarrage.",
  make: "Créer le groupe",
  madeTitle: "Le groupe est créé",
  madeText:
    "Les enseignants peuvent le choisir dès maintenant. Tant qu’il n’a pas de serveur, les environnements y attendent. <machines>Ajoutez-y des serveurs</machines>.",
  field: {
    name: "Nom",
    title: "Titre",
    default_cpu: "Cœurs par défaut",
    max_cpu: "Maximum de cœurs",
    default_memory_mib: "Mémoire par défaut (Mio)",
    max_memory_mib: "Mémoire maximale (Mio)",
    default_folder_mib: folderFr.defaultSize,
    max_folder_mib: folderFr.maxSize,
    gpu_kind: "Type de GPU",
    default_gpu: "GPU par défaut",
    max_gpu: "Maximum de GPU",
    lease_minutes: "Durée avant prolongation (minutes)",
    idle_minutes: "Arrêt si inutilisé pendant (minutes)",
    hard_limit_minutes: "Durée totale maximale (minutes)",
    egress: "Les programmes accèdent à",
    direct: "Permettre de joindre les environnements directement sur les serveurs",
    first: "Premier numéro",
    last: "Dernier numéro",
    kinds: "Quels ports",
    direct_host: "Nom des serveurs",
    on_drain: "Quand un serveur est mis en maintenance",
    storage: "Dossiers de travail",
  },
  help: {
    name: "Minuscules, chiffres et traits d’union, par exemple « gpu-a40 ». Il ne pourra plus changer.",
    nameFixed: "Ses serveurs le portent comme étiquette. Il ne peut pas changer.",
    title: "Ce que les enseignants lisent au moment de choisir, par exemple « GPU A40 ».",
    gpu_kind:
      "Tel que le nomme le moteur des serveurs, par exemple NVIDIA-GPU. Vide : un groupe sans GPU.",
    lease_minutes:
      "Pour les cours qui n’en fixent pas. Les étudiants sont prévenus et peuvent prolonger. Vide : sans limite.",
    idle_minutes:
      "Aucun cours ne la dépasse. Un avertissement précède ; un calcul compte comme utilisation. Vide : jamais.",
    hard_limit_minutes: "Aucun cours, aucune prolongation ne la dépasse. Vide : sans limite.",
    range: "De 1 024 à 32 767. Autant de numéros que de ports de ce genre à la fois.",
    direct_host:
      "Le nom par lequel on joint un serveur, par exemple {node}.labs.example.org ; {node} y tient lieu de son nom. Vide : son adresse dans le cluster.",
  },
  what: {
    title: "Comment il s’appelle",
    text: "Les enseignants lisent le titre, les serveurs portent le nom.",
  },
  amounts: {
    title: "Ce que reçoit chaque environnement",
    text: "Un cours qui laisse un champ vide reçoit la valeur par défaut. Aucun cours ne dépasse le maximum.",
  },
  time: {
    title: "Durée",
    text: "Combien de temps dure un environnement. Un cours peut fixer sa propre durée, dans la limite de la durée totale.",
  },
  reach: {
    title: "Jusqu’où vont les programmes",
    text: "Le pare-feu des serveurs l’applique. Les adresses choisies sont fixées quand un serveur rejoint le cluster.",
  },
  direct: {
    title: "Ports directs",
    text: "Pour les gros transferts, et pour les logiciels qui ne connaissent qu’un hôte et un port. Les pages web s’ouvrent toujours par la plateforme.",
    warnTitle: "Sur un port direct, seul le serveur de l’image vérifie qui entre",
    warnText:
      "Les essais de mot de passe ne sont pas limités, et aucune empreinte n’est affichée. Ce qu’une image ouvre sans mot de passe est ouvert à tous. Si vous ne connaissez pas les images, ne choisissez que SSH.",
    machines:
      "Un serveur n’accepte aucune connexion directe avant d’avoir été ajouté avec ces numéros. La liste des groupes indique combien en acceptent.",
  },
  leaving: {
    title: "Serveurs en maintenance et dossiers de travail",
    text: "Ce que deviennent les environnements d’un serveur mis en maintenance.",
    end: "Les environnements s’arrêtent",
    endText: "Leurs propriétaires lisent pourquoi, et peuvent redémarrer sur un autre serveur.",
    move: "Les environnements changent de serveur",
    moveText:
      "Ils redémarrent sur un autre serveur du groupe ; les programmes ouverts sont perdus. Les environnements dont le dossier de travail est sur le disque du serveur s’arrêtent.",
  },
  storage: {
    node: "Sur le disque de chaque serveur",
    nodeText: "Un dossier de travail reste sur le serveur où il a été créé.",
    node_quota: folderFr.quota,
    node_quotaText: folderFr.quotaText,
    shared: "Accessibles depuis tous les serveurs du groupe",
    sharedText:
      "Ne choisissez ceci que si tous ses serveurs ont réellement les mêmes dossiers : la plateforme ne s’en charge pas.",
  },
  means: {
    title: "Conséquences",
    none: "Ce groupe n’a pas encore de serveur. Une fois créé, ajoutez-en.",
    machines: "Serveurs",
    room: "Capacité totale",
    fit_zero: "pour aucun environnement de taille par défaut",
    fit_one: "pour {{count}} environnement de taille par défaut",
    fit_other: "pour {{count}} environnements de taille par défaut",
    numbers: "Ports directs",
    numbersValue: "{{count}} sur {{all}} occupés",
    tooLarge: "Aucun serveur en service n’est assez grand pour le maximum fixé ici.",
  },
  growth: {
    title: "Serveurs qui peuvent s’ajouter",
    text: "Le planning et la prévision en tiennent compte, qu’ils soient ajoutés à la main ou par Terraform.",
    on: "Des serveurs peuvent s’ajouter à ce groupe",
    shown_one: "Au plus {{count}} serveur de {{cpu}} cœurs",
    shown_other: "Au plus {{count}} serveurs de {{cpu}} cœurs chacun",
    field: {
      max_machines: "Nombre maximal de serveurs",
      idle_machines: "Serveurs vides gardés prêts",
      lead_minutes: "Temps avant qu’un serveur soit prêt (minutes)",
      cpu: "Cœurs de chacun",
      memory_mib: "Mémoire de chacun (Mio)",
      gpus: "GPU de chacun",
      hourly_price: "Prix par heure",
      monthly_budget: "Budget par mois",
    },
    help: {
      max_machines: "De tout le groupe, serveurs existants compris.",
      idle_machines: "Pour qui démarre en dehors des séances.",
      lead_minutes:
        "De la commande jusqu’à ce qu’il accueille des environnements, images comprises.",
      cpu: "Comme Docker les annonce, de même que la mémoire.",
      hourly_price: "D’un serveur ajouté. Laissez vide s’il n’est pas connu.",
      monthly_budget: "Dans la même monnaie. Laissez vide pour ne pas limiter.",
    },
  },
  automatic: "Serveurs par Terraform",
  invalid: {
    between: "Ce nombre est trop petit ou trop grand.",
    name: "Minuscules, chiffres et traits d’union, une lettre d’abord, 31 au plus.",
    reserved: "Ce nom est réservé à la page. Choisissez-en un autre.",
    cpu: "Plus de 0, au plus 256.",
    memory: "De 64 à 4 194 304.",
    gpu: "De 0 à 16.",
    maxGpu: "De 1 à 16.",
    gpuKind: "Lettres, chiffres, points, traits d’union et soulignés, 63 au plus.",
    folder: "De 16 à 16 777 216.",
    below: "Doit être supérieur ou égal à la valeur par défaut.",
    number: "De 1 024 à 32 767.",
    backwards: "Doit être supérieur ou égal au premier.",
    kinds: "Choisissez-en au moins un.",
    host: "Minuscules, chiffres, traits d’union, points et {node} ; ni https://, ni port.",
  },
  remove: {
    title: "Supprimer ce groupe",
    text: "Possible quand il n’a plus ni serveur, ni environnement, ni cours.",
    default:
      "Les cours qui ne choisissent aucun groupe utilisent celui-ci : il ne peut pas être supprimé.",
    act: "Supprimer le groupe",
    ask: "Supprimer {{title}} ?",
    askText: "Les enseignants ne pourront plus le choisir. Ses réglages seront perdus.",
    confirm: "Supprimer",
    courses_one: "Ce cours :",
    courses_other: "Les {{count}} premiers, chacun avec son propriétaire :",
  },
}
