/** The engine's version, as it stands in results; the same as the package's, which a test holds true. */
export const VERSION = '0.1.0';
