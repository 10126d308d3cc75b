/** French texts of refusals by the server. */
import type { fieldProblemEn, problemEn } from "../en/problems"

export const problemFr: typeof problemEn = {
  work_folder_missing:
    "Votre dossier de travail est créé au premier démarrage. Démarrez l’environnement, puis réessayez.",
  file_exists:
    "Un fichier ou un dossier porte déjà ce nom. Choisissez un autre nom, ou remplacez-le.",
  file_missing: "Ce fichier n’existe plus. Consultez de nouveau la liste.",
  snapshot_missing: "Cette copie n’est plus conservée. Choisissez-en une autre.",
  file_path_invalid: "Aucun fichier ne peut porter ce nom.",
  work_folder_too_large:
    "Le dossier de travail contient trop de fichiers, ou des dossiers trop profonds. Supprimez les caches et les fichiers produits, puis réessayez.",
  snapshot_no_room:
    "Le serveur n’a plus de place pour une copie de votre dossier de travail. Prévenez votre enseignant.",
  work_folder_full:
    "Le dossier de travail est plein. Supprimez les fichiers inutiles, puis réessayez.",
  work_folder_unavailable:
    "Le serveur qui héberge ce dossier de travail ne répond pas. Réessayez dans quelques minutes ; rien n’est perdu.",
  submissions_closed: "Il n’est pas possible de rendre un travail maintenant.",
  nothing_submitted: "Personne n’a encore rendu de travail.",
  file_too_large_to_show: "Ce fichier est trop grand pour être affiché. Téléchargez-le.",
  one_file_needed: "Choisissez un fichier, ou téléchargez une archive.",
  download_over: "Cette adresse de téléchargement a expiré. Téléchargez de nouveau.",
  downloads_busy: "Trop de téléchargements sont en cours. Réessayez dans une minute.",
  network: "Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.",
  unavailable: "Une partie de la plateforme ne répond pas. Réessayez dans une minute.",
  database_unavailable:
    "La base de données de la plateforme ne répond pas. Réessayez dans quelques secondes.",
  swarm_unavailable:
    "La plateforme n’a pas de nouvelles de ses serveurs. Réessayez dans une minute : les environnements en marche continuent.",
  output_unavailable:
    "Le serveur ne fournit pas ces lignes pour l’instant. Réessayez dans une minute.",
  roster_unavailable:
    "La plateforme de cours ne donne pas la liste des personnes pour l’instant. Réessayez dans quelques minutes.",
  status_unknown:
    "La plateforme démarre et ne connaît pas encore l’état des environnements. Réessayez dans quelques secondes.",
  internal_error: "Un problème est survenu de notre côté. Réessayez dans une minute.",
  page_fault: "Un problème est survenu dans cette page. Rechargez-la.",
  http_error: "Le serveur a répondu de façon inattendue. Réessayez dans une minute.",
  invalid_request: "Des valeurs ne conviennent pas. Corrigez-les, puis réessayez.",
  unauthenticated: "Vous avez été déconnecté. Ouvrez de nouveau l’activité depuis votre cours.",
  forbidden: "Vous n’avez pas le droit de faire cela.",
  not_found: "Cela n’existe pas, ou ne vous est pas ouvert.",
  method_not_allowed: "Le serveur ne connaît pas cette demande. Rechargez la page.",
  conflict: "Ce n’est pas possible dans l’état actuel. Rechargez la page, puis réessayez.",
  too_large: "C’est trop volumineux.",
  request_too_large:
    "C’est plus volumineux que ce que la plateforme accepte. Raccourcissez, puis réessayez.",
  content_type_unknown: "Le programme doit envoyer ses données en JSON (application/json).",
  too_many: "Trop de demandes. Attendez une minute, puis réessayez.",
  too_many_requests: "Trop de requêtes à la fois. Attendez {{seconds}} s, puis réessayez.",
  too_many_streams: "Trop de pages sont ouvertes ici. Fermez-en, puis rechargez celle-ci.",
  too_many_starts: "Trop de démarrages en peu de temps. Attendez {{seconds}} s, puis réessayez.",
  too_many_passwords:
    "Trop de nouveaux mots de passe en peu de temps. Attendez {{seconds}} s, puis réessayez.",
  too_many_key_changes:
    "Trop de nouvelles clés en peu de temps. Attendez {{seconds}} s, puis réessayez.",
  too_many_build_requests:
    "Trop de constructions en peu de temps. Attendez {{seconds}} s, puis réessayez.",
  too_many_links: "Trop de liens en peu de temps. Attendez {{seconds}} s, puis réessayez.",
  too_many_joins: "Trop de codes en peu de temps. Attendez {{seconds}} s, puis réessayez.",
  join_code_unknown:
    "Ce code n’existe pas. Vérifiez-le, ou demandez à la personne qui vous l’a donné.",
  join_link_revoked:
    "Ce lien n’est plus valable : il a été remplacé ou retiré. Demandez le nouveau à votre enseignant.",
  join_link_expired: "Ce lien a expiré. Demandez-en un nouveau à votre enseignant.",
  join_link_full:
    "Le nombre de personnes que ce lien permet est atteint. Demandez à votre enseignant.",
  join_course_closed:
    "Ce cours n’est pas ouvert aux étudiants pour l’instant. Demandez à votre enseignant.",
  upload_too_large: "Ce fichier dépasse la taille acceptée pour un envoi.",
  upload_moved: "Cet envoi a continué ailleurs. Recommencez-le.",
  upload_incomplete: "L’envoi n’est pas arrivé en entier. Recommencez-le.",
  upload_unsupported: "Le serveur ne comprend pas cet envoi. Rechargez la page.",
  too_many_uploads: "Vous avez trop d’envois inachevés. Attendez que certains se terminent.",
  archive_path_traversal:
    "Le nom « {{path}} » sort du dossier. Refaites l’archive depuis l’intérieur du dossier.",
  archive_path_absolute:
    "Le nom « {{path}} » commence à la racine d’un disque. Refaites l’archive depuis l’intérieur du dossier.",
  archive_symlink_escape:
    "Le lien symbolique « {{path}} » sort du dossier. Remplacez-le par le fichier lui-même.",
  archive_hardlink_escape:
    "Le lien physique « {{path}} » ne désigne aucun fichier de l’archive. Remplacez-le par le fichier lui-même.",
  archive_special_file:
    "« {{path}} » est un périphérique, un tube ou un socket. Seuls les fichiers, dossiers et liens sont acceptés.",
  archive_too_large:
    "Une fois décompressés, ces fichiers dépassent la taille permise pour une image. Retirez les grosses données.",
  archive_ratio:
    "Cette archive se décompresse en un volume suspect ; elle est refusée. Retirez les gros fichiers vides.",
  archive_nested_bomb:
    "Des archives contenues dans celle-ci se décompressent en un volume trop grand. Décompressez-les d’abord.",
  archive_too_many_entries:
    "Il y a plus de fichiers qu’une image ne peut en avoir. Retirez les dossiers comme .git et node_modules.",
  archive_name_too_long: "Un nom de fichier est trop long. Raccourcissez-le, puis réessayez.",
  archive_duplicate_name:
    "« {{path}} » s’y trouve deux fois, peut-être avec d’autres majuscules. Renommez l’un des deux.",
  archive_name_unusable:
    "Le nom « {{path}} » contient des caractères qui ne peuvent pas être affichés. Renommez le fichier.",
  archive_encrypted:
    "Cette archive est protégée par un mot de passe. Refaites-la sans mot de passe.",
  archive_sizes_wrong:
    "Les tailles indiquées dans cette archive sont fausses ; elle est refusée. Refaites-la.",
  archive_damaged:
    "Cette archive est abîmée ou incomplète. Refaites-la, puis envoyez-la de nouveau.",
  archive_unsupported:
    "Ce n’est pas une archive que l’on peut décompresser. Utilisez zip, tar, tar.gz, tar.xz ou tar.zst.",
  archive_too_slow:
    "La décompression demande plus de temps ou de mémoire que permis. Retirez les gros fichiers.",
  course_file_missing:
    "Ce fichier ne contient pas de cours. Choisissez-en un qui a été enregistré depuis un cours.",
  course_file_invalid:
    "« {{path}} » est illisible dans ce fichier. Enregistrez à nouveau le cours d’où il vient.",
  image_origin_unusable: "L’image n’est plus là. Choisissez à nouveau le fichier.",
  courses_full: "Vous avez {{most}} cours, le maximum. Supprimez-en un d’abord.",
  images_full: "Vous avez {{most}} images, le maximum. Supprimez-en une d’abord.",
  sessions_full: "Le cours a {{most}} séances, le maximum. Supprimez-en une d’abord.",
  ticket_unknown: "Ce lien est inconnu ici. Ouvrez de nouveau l’activité depuis votre cours.",
  refusal_unknown: "Aucune connexion refusée ne porte cette référence.",
  ticket_unproven:
    "Cette entrée demande la preuve que sa première page a gardée. Ouvrez de nouveau l’activité depuis votre cours.",
  ticket_used: "Ce lien a déjà servi. Ouvrez de nouveau l’activité depuis votre cours.",
  ticket_expired: "Ce lien n’est plus valable. Ouvrez de nouveau l’activité depuis votre cours.",
  web_session_over: "Vous avez été déconnecté. Ouvrez de nouveau l’activité depuis votre cours.",
  link_unknown: "Ce lien n’est pas connu ici. Demandez-en un nouveau.",
  link_used: "Ce lien a déjà servi. Demandez-en un nouveau.",
  link_expired: "Ce lien n’est plus valable. Demandez-en un nouveau.",
  course_not_ready: "Ce cours n’est pas encore ouvert. Voyez avec votre enseignant.",
  root_not_approved:
    "Aucun administrateur n’a encore approuvé l’image de ce cours. Son enseignant peut le demander sur la page de l’image.",
  visibility_decision_impossible:
    "Cette image n’est plus proposée à tous les enseignants. Relisez la liste.",
  root_decision_impossible: "Quelqu’un a décidé de cette demande entre-temps. Actualisez la liste.",
  build_not_published:
    "Cette construction n’a pas réussi : il n’y a aucune image à démarrer ou à approuver.",
  session_not_open: "La séance n’est pas encore ouverte.",
  session_over: "La dernière séance est terminée.",
  lease_at_its_end: "Votre environnement fonctionne déjà aussi longtemps que possible.",
  person_limit_reached:
    "Vous avez déjà {{count}} environnements en cours, le maximum. Arrêtez-en un d’abord.",
  course_limit_reached:
    "{{count}} personnes travaillent déjà dans ce cours, le maximum. Réessayez plus tard.",
  ssh_key_invalid: "Ce n’est pas une clé publique : collez l’unique ligne de votre fichier .pub.",
  ssh_key_known: "Cette clé figure déjà dans votre liste.",
  ssh_keys_full: "Vous avez {{most}} clés, le maximum. Supprimez-en une d’abord.",
  share_no_platform: "Vous ne venez d’aucune plateforme dont vous pourriez inviter les personnes.",
  share_other_platform: "Vous ne venez pas de cette plateforme : ses adresses ne disent rien ici.",
  share_address_ambiguous: "Plusieurs personnes de la plateforme ont cette adresse.",
  share_with_owner: "Cette personne est déjà propriétaire.",
  share_not_arrived: "Cette personne n’est pas encore venue. Transmettez après sa première venue.",
  share_cannot_own:
    "Cette personne n’enseigne dans aucun espace de cours : seuls les enseignants sont propriétaires.",
  new_owner_full: "Le nouveau propriétaire en a déjà {{most}}, le maximum.",
  shares_full: "Le partage compte {{most}} personnes, le maximum. Retirez-en une d’abord.",
  course_placed_elsewhere:
    "Vous enseignez là où ce cours est placé : vous pouvez l’y placer de nouveau. Ailleurs, seuls son propriétaire et les personnes qui peuvent le modifier le placent.",
  api_tokens_full:
    "Vous avez {{most}} jetons d’API, le maximum. Les jetons expirés ou révoqués disparaissent après un mois.",
  webhooks_full: "Vous avez {{most}} webhooks, le maximum. Supprimez-en un d’abord.",
  webhook_disabled: "Ce webhook est désactivé. Activez-le d’abord.",
  delivery_waiting: "Cet envoi est encore en cours d’essai.",
  changes_forgotten:
    "Le journal des changements ne remonte pas aussi loin. Recommencez sans numéro.",
  token_unknown: "Ce jeton d’API n’existe pas.",
  token_expired: "Ce jeton d’API a expiré. Créez-en un autre.",
  token_revoked: "Ce jeton d’API a été révoqué. Créez-en un autre.",
  scope_missing: "Ce jeton d’API n’a pas la portée {{scope}}.",
  token_not_accepted: "Ce n’est pas possible avec un jeton d’API : connectez-vous.",
  service_owner_inactive:
    "Le responsable de ce compte de service n’est plus administrateur. Un autre administrateur peut le reprendre.",
  service_accounts_full: "Il y a {{most}} comptes de service, le maximum autorisé.",
  idempotency_key_malformed: "Le programme a envoyé un Idempotency-Key non valide.",
  cursor_malformed: "Le programme a envoyé un curseur non valide.",
  cursor_of_another_list: "Le programme a envoyé le curseur d’une autre liste.",
  idempotency_key_in_use:
    "La première requête avec cette clé est encore en cours. Réessayez dans une seconde.",
  idempotency_key_reused:
    "Cet Idempotency-Key a déjà servi à une autre requête. Envoyez-en un nouveau.",
  credentials_hidden: "Ce cours ne montre ni nom d’utilisateur ni mot de passe.",
  environment_not_ready: "Votre environnement n’est pas en marche.",
  environment_ready: "Votre environnement est déjà en marche. Arrêtez-le plutôt.",
  erasure_asked: "Vous l’avez déjà demandé.",
  erasure_decided: "Cette demande n’est plus ouverte.",
  person_owns_courses:
    "Cette personne possède des cours ou des images. Quelqu’un doit d’abord les reprendre.",
  erasure_of_operator: "Cette personne administre la plateforme. Retirez-lui d’abord ce droit.",
  erasure_begun:
    "Les dossiers de travail sont en cours d’effacement : il est trop tard pour changer cela.",
  keep_too_long: "Choisissez un moment à venir, au plus dans un an.",
  course_being_deleted: "Ce cours est supprimé. Annulez d’abord la suppression sur sa page.",
  course_not_deleted: "Ce cours n’est pas supprimé : il n’y a rien à annuler.",
  erasure_not_failing: "Cet effacement a eu lieu, ou n’a pas encore été essayé.",
  environments_running: "Des environnements de ce cours sont en marche. Arrêtez-les d’abord.",
  fields_invalid: "Des valeurs ne conviennent pas. Corrigez-les, puis réessayez.",
  no_external_image: "Ce cours n’utilise aucune image d’un autre registre.",
  build_engine_unavailable: "Le moteur des constructions ne répond pas. Réessayez plus tard.",
  course_of_another_image:
    "Ce cours utilise une autre image. Choisissez l’image et sa construction dans le cours.",
  image_tried:
    "Quelqu’un essaie une construction de cette image. Arrêtez d’abord l’essai, ou attendez sa fin.",
  image_in_use: "Un cours utilise cette image. Choisissez-y d’abord une autre image.",
  use_range_invalid: "Choisissez au plus 400 jours, la fin après le début.",
  window_link_unknown: "L’environnement n’a pas ce lien. Rechargez la page.",
  port_unknown: "L’environnement n’a pas cette page.",
  build_unknown: "Cette construction n’existe pas.",
  build_exists: "Cette construction existe déjà. Rechargez la page.",
  too_many_builds:
    "Plusieurs de vos constructions sont en cours. Attendez la fin de l’une d’elles.",
  deep_linking_unknown:
    "Votre espace de cours n’attend plus de choix. Appuyez-y de nouveau sur « Sélectionner le contenu ».",
  deep_linking_answered:
    "Le choix est déjà parti. Appuyez de nouveau sur « Sélectionner le contenu » dans votre espace de cours.",
  one_course_only: "Votre espace de cours prend un cours à la fois. Choisissez-en un.",
  foreign_request: "La page n’est plus à jour. Rechargez-la.",
  no_activity_for_score:
    "Cette personne n’est venue par aucune activité d’un espace où vous enseignez. Aucune note ne peut être envoyée.",
  activity_ambiguous:
    "Cette personne est venue par {{count}} activités. Choisissez la colonne qui reçoit la note.",
  not_teaching_here: "Vous n’enseignez pas dans l’espace de cours de ces personnes.",
  score_id_used: "Cette note a déjà été envoyée. Fermez la fenêtre et recommencez.",
  user_disabled: "Votre compte est désactivé. Contactez le support.",
  build_not_approved:
    "Un administrateur doit d’abord vous autoriser à construire des images. Demandez-le.",
  last_operator: "C’est le dernier administrateur. Nommez d’abord quelqu’un d’autre.",
  account_link_over:
    "Cette demande de liaison n’est plus valable. Recommencez depuis votre compte.",
  same_account: "C’est déjà votre compte. Il n’y a rien à relier.",
  same_issuer:
    "Vous avez déjà un compte de cet établissement. Deux comptes du même lieu restent séparés.",
  account_disabled: "L’autre compte est désactivé. Contactez le support.",
  account_changed: "L’autre compte a changé entre-temps. Recommencez depuis votre compte.",
  last_identity: "C’est votre seul moyen de connexion. Reliez-en d’abord un autre.",
  proof_too_old:
    "Votre connexion date de plus d’une heure. Reconnectez-vous, puis reliez vos comptes.",
  provider_away: "Le service de connexion ne répond pas. Réessayez dans quelques minutes.",
  tab_unknown: "Cet onglet ne peut plus être ouvert. Rouvrez votre compte depuis votre cours.",
  tab_used: "Cet onglet a déjà été ouvert. Rouvrez votre compte depuis votre cours.",
  not_yourself:
    "Vous ne pouvez pas désactiver votre propre compte. Demandez à un autre administrateur.",
  platform_unknown: "Cette plateforme n’existe pas.",
  invitation_unknown: "Cette invitation n’existe pas.",
  invitation_used:
    "Une plateforme s’est déjà enregistrée avec cette invitation : désactivez plutôt la plateforme.",
  issuer_changes:
    "Les personnes sont connues par l’émetteur. Dites si ce sont toujours les mêmes personnes.",
  issuer_in_use:
    "Une autre plateforme active porte l’ancien émetteur. Désactivez-la d’abord, ou modifiez-la aussi.",
  issuer_never_known: "Aucune plateforme n’a jamais eu cet émetteur.",
  issuer_shared: "Une autre plateforme a cet émetteur avec d’autres clés : {{platforms}}.",
  issuer_reserved:
    "Des personnes se connectent par cet émetteur sans plateforme. Aucune plateforme ne peut l’avoir.",
  key_unknown: "Cette clé n’existe pas.",
  key_waits: "Une nouvelle clé est déjà publiée.",
  key_signs: "Cette clé est en service. Renouvelez-la d’abord, retirez-la ensuite.",
  platform_exists: "Une plateforme avec cet émetteur et cet identifiant client existe déjà.",
  operators_only:
    "Seuls les administrateurs de la plateforme peuvent faire cela. Adressez-vous à l’un d’eux.",
  engine_too_old:
    "Le Docker du Swarm ({{engine}}) est trop ancien pour cette plateforme : installez Docker 20.10 ou plus récent sur son gestionnaire.",
  engine_too_new:
    "Le Docker du Swarm ({{engine}}) ne parle plus l’API {{api}}, la plus récente que cette plateforme connaisse : mettez la plateforme à jour.",
  engine_unreadable:
    "Ce qui répond à la place du Docker du Swarm ne dit pas quelles versions d’API il parle : vérifiez que MYDOCKER_ENGINE_URL désigne un moteur Docker.",
  node_unchecked: "{{node}} n’a pas réussi ses vérifications. Vérifiez-le d’abord de nouveau.",
  direct_ports_on_loopback:
    "Ici, les environnements sont liés à la boucle locale du serveur. Les ports directs demandent des serveurs ajoutés avec leur propre adresse.",
  volume_in_use: "Un environnement utilise ce dossier de travail. Arrêtez-le d’abord.",
  node_in_use:
    "Des environnements fonctionnent sur {{node}}. Mettez-le en maintenance avant de changer son groupe.",
  too_many_pools: "Il y a {{most}} groupes, et c’est le maximum.",
  pool_name_differs: "Le nom dans l’adresse n’est pas celui du groupe.",
  pool_exists: "Un groupe porte déjà ce nom.",
  edited_meanwhile:
    "Il y a eu une modification après l’ouverture de cette page, peut-être dans un autre de vos onglets. Regardez la version actuelle, puis décidez à nouveau.",
  if_match_required: "Cette page n’est plus à jour. Rechargez-la, puis réessayez.",
  precondition_malformed: "Cette page n’est plus à jour. Rechargez-la, puis réessayez.",
  pool_unknown: "Il n’y a plus de groupe de ce nom.",
  pool_is_default:
    "Les cours qui ne choisissent aucun groupe utilisent celui-ci : il ne peut pas être supprimé.",
  dry_run_over: "Ce moment est passé. Choisissez-en un à venir.",
  pool_unobserved:
    "Les serveurs de ce cours n’ont pas encore été observés. Réessayez dans une minute.",
  forecast_not_for_you: "Les prévisions sont réservées aux enseignants et aux administrateurs.",
  forecast_too_long: "Une prévision couvre au plus six semaines.",
  no_capacity_request: "Cette séance ne demande plus de place.",
  pool_chosen:
    "Cours qui choisissent ce groupe : {{count}}. Leurs propriétaires doivent d’abord en choisir un autre.",
  pool_has_machines:
    "Serveurs dans ce groupe : {{count}}. Mettez-les d’abord dans un autre groupe.",
  pool_in_use:
    "Environnements en marche ou en attente dans ce groupe : {{count}}. Arrêtez-les d’abord.",
  machine_module_unknown: "Le module {{module}} n’est pas installé sur le serveur.",
  machines_remain:
    "Des serveurs créés par ce module sont encore là : {{count}}. Un autre module ne peut pas les supprimer.",
  scaling_needs_growth:
    "Indiquez d’abord, dans les réglages du groupe, combien de serveurs peuvent s’y ajouter.",
  scaling_needs_terraform:
    "Ni OpenTofu ni Terraform n’est installé sur le serveur de l’orchestrateur.",
  machine_run_unknown: "Cette exécution de Terraform n’existe plus.",
  join_token_refused:
    "Ce jeton ne permet à aucun serveur de s’ajouter : il est inconnu, ou a déjà servi.",
  other: "Ce n’est pas possible pour l’instant. Rechargez la page, puis réessayez.",
}

export const fieldProblemFr: typeof fieldProblemEn = {
  missing: "Ce champ est obligatoire.",
  string_too_short: "Ce champ est obligatoire.",
  string_too_long: "C’est trop long.",
  string_pattern_mismatch: "La forme attendue est différente.",
  greater_than: "La valeur doit être plus grande.",
  greater_than_equal: "La valeur doit être plus grande.",
  less_than: "La valeur doit être plus petite.",
  less_than_equal: "La valeur doit être plus petite.",
  zone_unknown: "Ce fuseau horaire n’existe pas.",
  ends_before_start: "La fin doit venir après le début.",
  minutes_or_percent: "Donnez des minutes ou une part de la séance.",
  session_too_long: "Une séance dure au plus 31 jours.",
  too_long: "Il y en a trop.",
  email_malformed: "Ce n’est pas une adresse e-mail.",
  right_unknown: "Ce droit ne peut pas être donné ici.",
  title_blank: "Ce champ est obligatoire.",
  expires_too_late: "La plateforme autorise moins de jours.",
  reason_missing: "Dites pourquoi.",
  path_template: "Un chemin ne contient pas d’accolades doubles.",
  text_unusable: "Un caractère ne peut pas être conservé. Saisissez le texte à nouveau.",
  cursor_malformed: "Ce n’est pas un curseur d’une réponse.",
  text_invisible: "Rien n’est visible. Saisissez au moins un caractère visible.",
  instant_out_of_range: "L’année doit être comprise entre 2000 et 2200.",
  port_twice: "Un autre port a ce numéro.",
  port_title_twice: "Un autre port a ce titre.",
  hard_limit_below_lease: "Au moins la durée avant prolongation.",
  cpu_over_maximum: "C’est plus que ces serveurs n’en fournissent.",
  memory_over_maximum: "C’est plus que ces serveurs n’en fournissent.",
  gpu_over_maximum: "C’est plus que ces serveurs n’en fournissent.",
  folder_over_maximum: "C’est plus que ces serveurs n’en fournissent.",
  lease_over_maximum: "C’est plus long que ces serveurs ne le permettent.",
  pool_unknown: "Ces serveurs n’existent plus.",
  placeholder_unknown: "Seuls {{USERNAME}} et {{PASSWORD}} sont remplacés.",
  link_scheme: "Une adresse commence par http://, https://, ssh:// ou vnc://.",
  link_unreadable: "Ce n’est pas une adresse : vérifiez l’hôte et les caractères.",
  link_placeholder_unknown: "Un mot entre accolades doubles est inconnu. Voyez la liste plus bas.",
  link_placeholder_misplaced:
    "Un mot entre accolades doubles ne peut pas être à cet endroit de l’adresse.",
  link_port_unknown: "Le lien nomme un port que ce cours n’a pas.",
  command_unreadable: "La commande est illisible : il manque peut-être un guillemet.",
  build_unknown: "Cette construction n’est pas parmi vos images.",
  build_not_usable: "Cette construction n’a pas réussi.",
  image_twice: "Choisissez une construction ou une référence, pas les deux.",
  reference_invalid: "Ce n’est pas la référence d’une image, comme docker.io/library/debian:12.",
  registry_not_allowed:
    "Votre établissement n’autorise pas les images de cet endroit. Demandez à un administrateur.",
  reference_not_found: "Le registre n’a pas cette image, ou ne la montre qu’à ses propres comptes.",
  registry_unreachable: "Le registre ne répond pas. Réessayez plus tard.",
  registry_rate_limited: "Le registre demande moins de requêtes. Réessayez plus tard.",
  external_root:
    "Sur ces serveurs, seule une construction peut être approuvée pour root : créez une image qui commence par FROM celle-ci.",
  build_required: "Choisissez une construction avant que d’autres voient le cours.",
  variable_reserved: "La plateforme fixe elle-même {{name}}.",
  maximum_below_default: "Doit être supérieur ou égal à la valeur par défaut.",
  gpu_kind_missing: "Indiquez le type des GPU.",
  ports_backwards: "Doit être supérieur ou égal au premier.",
  web_not_direct: "Les pages web ne s’ouvrent que par la plateforme.",
  address_unreadable: "Ce n’est pas une adresse web.",
  address_private:
    "Cette adresse est sur un réseau privé. Un administrateur peut l’autoriser : MYDOCKER_PRIVATE_WEBHOOKS.",
  address_with_user: "L’adresse ne doit pas nommer d’utilisateur.",
  address_not_https:
    "L’adresse doit commencer par https://. Pour une plateforme sur ce serveur : la commande, avec --allow-http.",
  other: "Cette valeur ne convient pas.",
}
