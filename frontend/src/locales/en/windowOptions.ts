/** English texts of what a teacher chooses for the student's window. */

export const windowOptionsEn = {
  ports: "Ports that have a card",
  port: "{{title}} ({{number}})",
  links: "Links",
  linkTitle: "Title",
  linkUrl: "Address",
  addLink: "Add a link",
  removeLink: "Remove the link {{name}}",
  templates: "What can be filled in for each student",
  templatesText:
    "Addresses begin with http://, https://, ssh:// or vnc://. These words are replaced when the student opens the link. A page of the environment opens already signed in.",
  template: {
    HOST: "The host of a port, here 8888",
    PORT: "The number under which the port is reached",
    IP: "The host of the environment",
    USERNAME: "The student's user name",
    PASSWORD: "The student's password; it then stands in the address",
    USER_REDIRECT: "The path at the end of a join link, empty without one",
  },
}
