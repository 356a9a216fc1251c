// SPDX-License-Identifier: EUPL-1.2
// What was said on this tablet and is not at the server yet. Ids and what was typed, never a list of names.

const resultOf = (request) =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

/** `changes`: sent in order, each once; `drafts`: boxes ticked, not sent; `notes`: since when, and the like. */
export async function openStore() {
  const request = indexedDB.open("campanella-scuola", 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore("changes", { keyPath: "id", autoIncrement: true });
    request.result.createObjectStore("drafts", { keyPath: "id" });
    request.result.createObjectStore("notes", { keyPath: "id" });
  });
  const db = await resultOf(request);
  db.addEventListener("versionchange", () => db.close());
  /** Resolves when it is on the disk: what the strip calls saved is saved. */
  const run = (name, mode, act) =>
    new Promise((resolve, reject) => {
      const tx = db.transaction(name, mode, { durability: "strict" });
      const done = act(tx.objectStore(name));
      tx.addEventListener("complete", () => resolve(done?.result));
      tx.addEventListener("abort", () => reject(tx.error));
    });
  return {
    all: (name) => run(name, "readonly", (store) => store.getAll()),
    get: (name, id) => run(name, "readonly", (store) => store.get(id)),
    put: (name, value) => run(name, "readwrite", (store) => store.put(value)),
    remove: (name, id) => run(name, "readwrite", (store) => store.delete(id)),
    /** All changes read and written in one step: `act(changes, store)` must not wait; its answer is resolved. */
    edit: (act) =>
      run("changes", "readwrite", (store) => {
        const answer = {};
        const request = store.getAll();
        request.addEventListener("success", () => {
          answer.result = act(request.result, store);
        });
        return answer;
      }),
  };
}
