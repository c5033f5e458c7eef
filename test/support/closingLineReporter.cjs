/** Ends a run with the one plain line that says how it went, for whoever reads only that. */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    // A test file that cannot even be loaded has failed, too.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    // At the exit: jest prints its own summary after every reporter.
    process.once("exit", () => {
      process.stdout.write(`\n${numPassedTests} passed, ${failed} failed\n`);
    });
  }
};
