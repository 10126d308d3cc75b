/** English texts: ports at which people reach environments themselves. */
export const directPortsEn = {
  column: "Direct ports",
  off: "None",
  range: "{{first}} to {{last}}",
  text: "{{kinds}} at {{host}}; {{count}} of {{all}} in use. Web pages always open through the platform.",
  ownAddress: "the machine’s own address",
  shut_one:
    "{{count}} of {{usable}} machines does not accept connections at these numbers: its environments are reached by SSH through the platform.",
  shut_other:
    "{{count}} of {{usable}} machines do not accept connections at these numbers: their environments are reached by SSH through the platform.",
  tunnelNote: "Type this in a terminal and leave it open, then connect your client to {{place}}.",
  insideNote: "Programs in your environment reach it; your own computer does not.",
  bastion: "Through the platform",
  bastionText: "Where your network does not let you out to the address above:",
  withKeysText:
    "Add your public key once: it opens all your environments through the platform, with the command just above.",
  full: "All direct ports are in use for now.",
  never: "This course has more ports than its kind of machine provides.",
  neverAdvice: "Tell your teacher: the course needs fewer ports, or another kind of machine.",
}
