/** French texts of what became of an environment, and what to do. */
import type { adviceEn, reasonEn } from "../en/reasons"

export const reasonFr: typeof reasonEn = {
  no_room: "Toutes les places sont prises pour l’instant.",
  no_room_never: "Ce cours demande plus de ressources qu’aucun serveur n’en possède.",
  no_room_line_one: "Toutes les places sont prises ; {{count}} personne attend avant vous.",
  no_room_line_other: "Toutes les places sont prises ; {{count}} personnes attendent avant vous.",
  node_unavailable: "Les serveurs sont injoignables pour l’instant.",
  node_unavailable_profile:
    "Aucun serveur ne peut exécuter ce cours avec les droits que demande son image.",
  folder_unavailable: "Votre dossier de travail est sur un serveur qui n’est pas disponible.",
  folder_node_other_pool:
    "Votre dossier de travail est sur un serveur que ce cours n’utilise plus.",
  folder_node_full: "Le serveur qui contient votre dossier de travail est plein pour l’instant.",
  still_ending: "Votre démarrage précédent n’est pas encore tout à fait terminé.",
  stopped_by_owner: "Vous l’avez arrêté.",
  stopped_by_editor: "Votre enseignant l’a arrêté.",
  stopped_by_operator: "Un administrateur de la plateforme l’a arrêté.",
  access_lost: "Il a été arrêté pendant que vous n’aviez plus accès à ce cours.",
  user_disabled: "Votre compte a été désactivé.",
  platform_disabled: "Un administrateur a coupé l’accès depuis votre plateforme de cours.",
  session_over: "La séance est terminée.",
  stopped_idle: "Il n’était plus utilisé depuis un moment.",
  lease_over: "Le temps prévu est écoulé.",
  hard_limit_over: "La durée maximale est atteinte.",
  node_drained: "Son serveur est mis en maintenance.",
  ended_by_itself: "Son programme principal s’est terminé de lui-même.",
  ended_at_once:
    "Le démarrage a échoué : le programme principal s’est terminé aussitôt, sans erreur.",
  cancelled: "Vous avez annulé le démarrage.",
  image_missing: "Le démarrage a échoué : son image n’est plus disponible.",
  port_silent: "Le démarrage a échoué : l’environnement ne répond pas.",
  port_problem: {
    nothing_listens: "Le démarrage a échoué : aucun programme n’écoute sur le port {{port}}.",
    nothing_listens_others:
      "Le démarrage a échoué : aucun programme n’écoute sur le port {{port}} ; un autre écoute sur {{ports}}.",
    loopback_only:
      "Le démarrage a échoué : le programme du port {{port}} n’accepte que les connexions internes à son environnement.",
    ipv6_only:
      "Le démarrage a échoué : le programme du port {{port}} n’accepte que les connexions IPv6.",
    tls_only:
      "Le démarrage a échoué : le port {{port}} parle HTTPS, mais il est déclaré comme simple page web.",
    no_tls:
      "Le démarrage a échoué : le port {{port}} est déclaré en HTTPS, mais il parle HTTP sans chiffrement.",
    unavailable:
      "Le démarrage a échoué : le programme du port {{port}} répond toujours qu’il est indisponible (503).",
    other_protocol:
      "Le démarrage a échoué : le port {{port}} répond dans un autre protocole que celui déclaré.",
    no_answer: "Le démarrage a échoué : l’environnement ne répond pas sur le port {{port}}.",
  },
  crashed: "L’environnement s’est arrêté sur une erreur.",
  crashed_code: "L’environnement s’est arrêté sur une erreur, avec le code {{exit_code}}.",
  crashed_again_one:
    "L’environnement s’est arrêté sur une erreur ; le démarrer de nouveau n’a pas suffi.",
  crashed_again_other:
    "L’environnement s’est arrêté sur une erreur ; le démarrer de nouveau {{count}} fois n’a pas suffi.",
  out_of_memory: "L’environnement a dépassé sa mémoire.",
  start_too_slow: "Le démarrage a échoué : il a pris trop de temps.",
  name_taken: "Le démarrage a échoué : son nom est déjà utilisé sur le serveur.",
  port_taken: "Le démarrage a échoué : un port est déjà utilisé sur le serveur.",
  node_lost: "Le serveur qui hébergeait votre environnement ne répond plus.",
  engine_refused: "Le démarrage a échoué : le serveur l’a refusé.",
  disk_full: "Votre environnement a été arrêté : il a dépassé l’espace disque autorisé.",
  folder_not_writable:
    "Le démarrage a échoué : l’image ne permet pas à son utilisateur d’écrire dans le dossier de travail {{path}}.",
  folder_is_file:
    "Le démarrage a échoué : l’image contient un fichier à l’emplacement {{path}} du dossier de travail.",
  folder_refused: "Le démarrage a échoué : le serveur n’a pas pu fournir votre dossier de travail.",
  root_not_approved:
    "Démarrage refusé : aucun administrateur n’a encore approuvé l’image de ce cours.",
  not_held: "Votre environnement a été arrêté : le serveur ne garantissait plus son isolement.",
}

export const adviceFr: typeof adviceEn = {
  no_room:
    "Votre environnement démarrera automatiquement dès qu’une place se libère. Vous pouvez laisser cette page ouverte.",
  no_room_never:
    "Prévenez votre enseignant : il faut un cours plus léger, ou un serveur plus grand.",
  node_unavailable:
    "Votre environnement démarrera automatiquement à leur retour. Vous pouvez laisser cette page ouverte.",
  node_unavailable_profile:
    "Dites-le à votre enseignant : le cours demande la protection stricte, ou un autre type de serveur.",
  folder_unavailable:
    "Votre environnement démarrera automatiquement à son retour, avec vos fichiers. Si cela dure, prévenez votre enseignant.",
  folder_node_other_pool:
    "Vos fichiers sont conservés. Prévenez votre enseignant, qui s’adressera à un administrateur.",
  folder_node_full:
    "Votre environnement démarrera automatiquement, avec vos fichiers, dès qu’une place s’y libère. Vous pouvez laisser cette page ouverte.",
  still_ending:
    "Votre environnement démarrera automatiquement d’ici une minute. Vous pouvez laisser cette page ouverte.",
  stopped_by_owner: "Démarrez-le de nouveau quand vous voulez.",
  stopped_by_editor: "Voyez avec votre enseignant avant de le démarrer de nouveau.",
  stopped_by_operator:
    "Démarrez-le de nouveau plus tard. Si cela recommence, voyez avec votre enseignant.",
  access_lost:
    "Vous avez de nouveau accès : démarrez-le quand vous voulez. Votre travail est conservé.",
  user_disabled: "Contactez le support.",
  platform_disabled: "Contactez le support. Votre travail est conservé.",
  session_over: "Vous pourrez le démarrer à la prochaine séance.",
  stopped_idle: "Démarrez-le de nouveau quand vous voulez.",
  lease_over: "Démarrez-le de nouveau quand vous voulez.",
  hard_limit_over: "Démarrez-le de nouveau quand vous voulez.",
  node_drained:
    "Démarrez-le de nouveau : un autre serveur prend le relais, ou celui-ci à son retour s’il a votre dossier de travail.",
  node_drained_moving:
    "Son serveur est mis en maintenance. L’environnement redémarre sur un autre, avec votre dossier de travail ; les programmes ouverts repartent de zéro.",
  ended_by_itself: "Démarrez-le de nouveau quand vous voulez.",
  ended_at_once:
    "Prévenez votre enseignant : l’image doit lancer un programme qui reste en marche.",
  cancelled: "Démarrez-le de nouveau quand vous voulez.",
  image_missing: "Prévenez votre enseignant : l’image doit être construite de nouveau.",
  port_silent: "Réessayez. Si cela recommence, prévenez votre enseignant.",
  port_problem: {
    nothing_listens: "Prévenez votre enseignant : l’image et ses ports ne correspondent pas.",
    loopback_only:
      "Prévenez votre enseignant : le programme doit écouter sur 0.0.0.0, et non sur 127.0.0.1.",
    ipv6_only: "Prévenez votre enseignant : le programme doit aussi écouter sur 0.0.0.0.",
    tls_only: "Prévenez votre enseignant : ce port doit être du type « Page web (HTTPS) ».",
    no_tls: "Prévenez votre enseignant : ce port doit être du type « Page web ».",
    other_protocol: "Prévenez votre enseignant : l’image et ses ports ne correspondent pas.",
  },
  crashed: "Réessayez. Si cela recommence, prévenez votre enseignant.",
  out_of_memory:
    "Réessayez en traitant moins de données à la fois. Si cela recommence, prévenez votre enseignant.",
  start_too_slow: "Réessayez. Si cela recommence, prévenez votre enseignant.",
  name_taken: "Prévenez votre enseignant.",
  port_taken: "Réessayez : un autre serveur sera choisi.",
  node_lost:
    "Démarrez-le de nouveau : un autre serveur prend le relais, ou celui-ci à son retour s’il a votre dossier de travail.",
  engine_refused: "Prévenez votre enseignant.",
  disk_full: "Démarrez-le de nouveau, et supprimez les fichiers inutiles avant de continuer.",
  folder_not_writable:
    "Prévenez votre enseignant : le Dockerfile doit créer ce dossier et le donner à l’utilisateur 1000.",
  folder_is_file:
    "Prévenez votre enseignant : le dossier de travail doit avoir un autre emplacement.",
  folder_refused:
    "Réessayez dans une minute. Si cela recommence, prévenez votre enseignant. Vos fichiers sont conservés.",
  root_not_approved:
    "Prévenez votre enseignant : il peut demander l’approbation sur la page de l’image.",
  not_held:
    "Démarrez-le de nouveau : un autre serveur prend le relais. Les administrateurs en sont informés.",
  reference: "Référence à transmettre : {{reference}}",
  keptWork: "Votre dossier de travail est conservé.",
}
