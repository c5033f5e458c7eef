// Rotates the shared keys of Azure Batch accounts: the preview shows which key and why, and no crash costs the key in use.
package azurebatchkeyrotation
