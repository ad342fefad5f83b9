// Addresses under which the page shows pictures that are not on the server yet; each holds its file until released.
export const previews = {
  create: (file) => URL.createObjectURL(file),
  release: (address) => URL.revokeObjectURL(address),
};
