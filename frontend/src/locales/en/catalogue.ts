/** English texts of the catalogue. */

export const catalogueEn = {
  title: "Catalogue",
  text: "Environments that are ready to use. Use one in a course at once, or copy it and change it.",
  use: "Use in a course",
  useNamed: "Use in a course: {{title}}",
  copy: "Copy",
  copyNamed: "Copy {{title}} to my images",
  empty: "The catalogue is empty.",
  needs: "{{cpu}} CPU and {{memory}} for each student",
  choose: "Environment of the course",
  chooseTitle: "Environment",
  chooseText: "What students work in. You can change it later.",
  other: "Another image",
  otherText: "One of your images, a shared one, or none yet: you choose it in the next step.",
  operatorText: "Images that the platform builds ahead, and images that teachers offer to all.",
  rebuild: "Build again",
  state: {
    ready: "Ready",
    preparing: "Being prepared",
    failed: "Not available now",
    copy_only: "To be built by you",
  },
}
