// What `import … with { type: 'file' }` gives for a file that is no module: the path it is to be read from.
declare module '*.css' {
  const path: string;
  export default path;
}
declare module '*.svg' {
  const path: string;
  export default path;
}
declare module '*.woff2' {
  const path: string;
  export default path;
}
declare module '*/upload.js' {
  const path: string;
  export default path;
}
declare module 'htmx.org/dist/htmx.min.js' {
  const path: string;
  export default path;
}
