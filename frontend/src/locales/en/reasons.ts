/** English texts of what became of an environment, and what to do. */

export const reasonEn = {
  no_room: "All places are taken for now.",
  no_room_never: "This course needs more resources than any machine has.",
  no_room_line_one: "All places are taken for now; {{count}} person is waiting before you.",
  no_room_line_other: "All places are taken for now; {{count}} people are waiting before you.",
  node_unavailable: "The machines are not reachable for now.",
  node_unavailable_profile: "No machine may run this course with the rights its image asks for.",
  folder_unavailable: "Your work folder is on a machine that is not available.",
  folder_node_other_pool: "Your work folder is on a machine that this course no longer uses.",
  folder_node_full: "The machine that has your work folder is full for now.",
  still_ending: "Your last start has not ended completely yet.",
  stopped_by_owner: "You stopped it.",
  stopped_by_editor: "Your teacher stopped it.",
  stopped_by_operator: "An operator of the platform stopped it.",
  access_lost: "It was stopped while you had no access to this course.",
  user_disabled: "Your account was disabled.",
  platform_disabled: "Access from your course platform was switched off by an administrator.",
  session_over: "The session is over.",
  stopped_idle: "Nobody used it for a while.",
  lease_over: "The planned time is over.",
  hard_limit_over: "The longest total time is reached.",
  node_drained: "Its machine is in maintenance.",
  ended_by_itself: "Its main program ended by itself.",
  ended_at_once: "The start failed: the main program ended at once, without an error.",
  cancelled: "You cancelled the start.",
  image_missing: "The start failed: its image is no longer available.",
  port_silent: "The start failed: the environment does not answer.",
  port_problem: {
    nothing_listens: "The start failed: no program listens on port {{port}}.",
    nothing_listens_others:
      "The start failed: no program listens on port {{port}}; one listens on {{ports}}.",
    loopback_only:
      "The start failed: the program on port {{port}} accepts connections from inside its environment only.",
    ipv6_only: "The start failed: the program on port {{port}} accepts IPv6 connections only.",
    tls_only: "The start failed: port {{port}} speaks HTTPS, and is declared as a plain web page.",
    no_tls: "The start failed: port {{port}} is declared as HTTPS, and speaks plain HTTP.",
    unavailable:
      "The start failed: the program on port {{port}} still answers that it is unavailable (503).",
    other_protocol: "The start failed: port {{port}} answers in another protocol than its kind.",
    no_answer: "The start failed: the environment does not answer on port {{port}}.",
  },
  crashed: "The environment stopped on an error.",
  crashed_code: "The environment stopped on an error, with code {{exit_code}}.",
  crashed_again_one: "The environment stopped on an error; starting it again did not help.",
  crashed_again_other:
    "The environment stopped on an error; starting it again {{count}} times did not help.",
  out_of_memory: "The environment ran out of memory.",
  start_too_slow: "The start failed: it took too long.",
  name_taken: "The start failed: its name is already used on the machine.",
  port_taken: "The start failed: a port is already taken on the machine.",
  node_lost: "The machine that ran your environment no longer answers.",
  engine_refused: "The start failed: the machine refused it.",
  disk_full: "Your environment was stopped: it exceeded its disk space.",
  folder_not_writable:
    "The start failed: the image does not let its user write in the work folder {{path}}.",
  folder_is_file: "The start failed: the image has a file at {{path}}, where the work folder goes.",
  folder_refused: "The start failed: the machine could not provide your work folder.",
  root_not_approved: "The start was refused: no operator has approved this course's image yet.",
  not_held: "Your environment was stopped: the machine no longer guaranteed its isolation.",
}

export const adviceEn = {
  no_room:
    "Your environment starts automatically as soon as a place is free. You may leave this page open.",
  no_room_never: "Tell your teacher: the course needs less, or a larger machine.",
  node_unavailable:
    "Your environment starts automatically when they are back. You may leave this page open.",
  node_unavailable_profile:
    "Tell your teacher: the course needs the strict protection, or another kind of machine.",
  folder_unavailable:
    "Your environment starts automatically when that machine is back, with your files. If it lasts, tell your teacher.",
  folder_node_other_pool: "Your files are kept. Tell your teacher, who asks an operator.",
  folder_node_full:
    "Your environment starts automatically, with your files, as soon as there is room on it. You may leave this page open.",
  still_ending:
    "Your environment starts automatically within a minute. You may leave this page open.",
  stopped_by_owner: "Start it again whenever you like.",
  stopped_by_editor: "Ask your teacher before you start it again.",
  stopped_by_operator: "Start it again later. If it is stopped again, ask your teacher.",
  access_lost: "You have access again: start it when you like. Your work is kept.",
  user_disabled: "Contact support.",
  platform_disabled: "Contact support. Your work is kept.",
  session_over: "It can be started again in the next session.",
  stopped_idle: "Start it again whenever you like.",
  lease_over: "Start it again whenever you like.",
  hard_limit_over: "Start it again whenever you like.",
  node_drained:
    "Start it again: another machine takes over, or this one when it is back if it has your work folder.",
  node_drained_moving:
    "Its machine is in maintenance. The environment starts again on another one, with your work folder; open programs start afresh.",
  ended_by_itself: "Start it again whenever you like.",
  ended_at_once: "Tell your teacher: the image must start a program that keeps running.",
  cancelled: "Start it again whenever you like.",
  image_missing: "Tell your teacher: the image has to be built again.",
  port_silent: "Try again. If it fails again, tell your teacher.",
  port_problem: {
    nothing_listens: "Tell your teacher: the image and its ports do not fit together.",
    loopback_only: "Tell your teacher: the program must listen on 0.0.0.0, not on 127.0.0.1.",
    ipv6_only: "Tell your teacher: the program must listen on 0.0.0.0 too.",
    tls_only: "Tell your teacher: the kind of this port must be “Web page (HTTPS)”.",
    no_tls: "Tell your teacher: the kind of this port must be “Web page”.",
    other_protocol: "Tell your teacher: the image and its ports do not fit together.",
  },
  crashed: "Try again. If it fails again, tell your teacher.",
  out_of_memory: "Try again with less data at a time. If it fails again, tell your teacher.",
  start_too_slow: "Try again. If it fails again, tell your teacher.",
  name_taken: "Tell your teacher.",
  port_taken: "Try again: another machine is chosen.",
  node_lost:
    "Start it again: another machine takes over, or this one when it is back if it has your work folder.",
  engine_refused: "Tell your teacher.",
  disk_full: "Start it again, and delete what you do not need before you go on.",
  folder_not_writable:
    "Tell your teacher: the Dockerfile must create this folder and give it to the user 1000.",
  folder_is_file: "Tell your teacher: choose another path for the work folder.",
  folder_refused:
    "Try again in a minute. If it fails again, tell your teacher. Your files are kept.",
  root_not_approved: "Tell your teacher, who can ask for the approval on the page of the image.",
  not_held: "Start it again: another machine takes over. Operators are informed.",
  reference: "Reference to pass on: {{reference}}",
  keptWork: "Your work folder is kept.",
}
