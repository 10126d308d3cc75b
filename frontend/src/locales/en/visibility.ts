/** English texts of images for all teachers. */

export const visibilityEn = {
  button: "For all",
  title: "For all teachers",
  ask: "Ask for it",
  withdraw: "Make it private again",
  comment: "Why it helps others",
  commentHelp: "The administrator reads it.",
  uses_one: "{{count}} course uses this image",
  uses_other: "{{count}} courses use this image",
  use: "{{title}} ({{owner}}, build {{number}})",
  text: {
    private:
      "Only you and those you share it with may use this image. An administrator can open it to all teachers.",
    asked: "You asked to open this image to all teachers. An administrator decides.",
    public: "All teachers may use this image. Nobody but its editors may change it.",
    refused: "An administrator did not open this image to all teachers.",
  },
  state: {
    private: "Private",
    asked: "Waits for you",
    public: "For all teachers",
    refused: "Refused",
  },
  requests: "Images for all teachers",
  nobody: "Nobody asks to open an image to all teachers.",
  approve: "Approve",
  refuse: "Refuse",
  refuseTitle: "Keep {{title}} private?",
  refuseText: "Courses that run one of its builds keep it. New courses cannot choose it.",
}
