/// Which operations of the API some feature has asked for, and all that there are.
export const visited = {
  asked: new Set(),
  all: new Set(),
  learn({ paths }) {
    for (const [path, operations] of Object.entries(paths))
      for (const verb of Object.keys(operations))
        this.all.add(`${verb.toUpperCase()} ${path.replace(/\{\w+\}/g, "{}")}`);
  },
  missing() {
    return [...this.all].filter((operation) => !this.asked.has(operation));
  },
};
