package cli

// release is the version of the program as CHANGELOG.md counts it; -dev where its changes are not released yet.
const release = "0.2.0-dev"
