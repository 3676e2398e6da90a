// Prints what Atlassian's own validation says of the Forge manifest in a folder; exits 1 when it finds an error.
const { FullValidationProcessor } = require("@forge/manifest");

process.chdir(process.argv[2]);
new FullValidationProcessor({ deprecatedRuntimes: [] }).process().then(({ success, errors = [] }) => {
  for (const { level, message, line } of errors) console.log(`manifest.yml:${line ?? 1}: ${level}: ${message}`);
  console.log(success ? "The Forge manifest is valid." : "The Forge manifest is not valid.");
  process.exit(success ? 0 : 1);
});
