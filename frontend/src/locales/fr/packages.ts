/** French texts of what images contain, and of the search over all of them. */
export const packagesFr = {
  title: "Ce qu’elle contient",
  count_one: "{{count}} paquet",
  count_other: "{{count}} paquets",
  unknown: "Ce que cette image contient n’est pas connu",
  unknownText:
    "Cela ne dit rien de sa sécurité. Construisez-la de nouveau pour obtenir la liste de ses paquets.",
  partial: "Cette liste est incomplète",
  partialText: "L’image contient plus que ce qui a pu être lu :",
  search: "Chercher un paquet",
  noMatch: "Aucun paquet ne correspond.",
  download: "Télécharger la nomenclature SBOM (CycloneDX)",
  name: "Paquet",
  version: "Version",
  kind: "Type",
  kinds: {
    deb: "Debian, Ubuntu",
    apk: "Alpine",
    pypi: "Python",
    npm: "JavaScript (npm)",
    conda: "Conda",
    cran: "R",
  },
  image: "Image",
  imageGone: "Image supprimée",
  courses: "Cours",
  searchTitle: "Paquets",
  searchText: "Quelles images contiennent un paquet, et quels cours les utilisent.",
  searchLabel: "Nom et version, par exemple openssl 3.0.11",
  searchEmpty_one:
    "Saisissez le nom d’un paquet. Le contenu de {{count}} construction est entièrement connu.",
  searchEmpty_other:
    "Saisissez le nom d’un paquet. Le contenu de {{count}} constructions est entièrement connu.",
  unsure_one: "Le contenu de {{count}} construction n’est pas connu, ou seulement en partie",
  unsure_other: "Le contenu de {{count}} constructions n’est pas connu, ou seulement en partie",
  unsureText:
    "Elles contiennent peut-être ce que vous cherchez, et ne sont pas dans les résultats.",
  none: "Aucune construction ne le contient.",
  noneKnown: "Aucune construction dont le contenu est connu ne le contient.",
}
