// Lets Node find "./xbox" as "./xbox/index.js". friend-connect was written for a Node that did so by an option of its
// own, which is gone since Node 19.
import { register } from "node:module"

const hooks = `
export async function resolve(name, context, next) {
  for (const tail of ["", ".js", "/index.js"])
    try { return await next(name + tail, context) } catch (error) { if (!name.startsWith(".")) throw error }
  return next(name, context)
}`
register("data:text/javascript," + encodeURIComponent(hooks))
