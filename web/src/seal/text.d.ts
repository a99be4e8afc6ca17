/** Text files bundled as strings by esbuild. */
declare module "*.txt" {
  const content: string;
  export default content;
}
