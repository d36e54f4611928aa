using System.Xml.Linq;
using Atoll.Cli.Testing;

namespace Atoll.Cli.Tests.Testing;

/// <summary>Result files are summed into the line that CI reads.</summary>
public sealed class TestResultsTests
{
    [Fact]
    public void Files_AreSummed()
    {
        TestResults results = TestResults.Sum([File("Passed", "Failed"), File("Passed", "NotExecuted", "Passed")]);

        Assert.Equal("3 passed, 1 failed, 1 skipped", results.Summary);
    }

    [Theory]
    [InlineData("Error")]
    [InlineData("Timeout")]
    [InlineData("Aborted")]
    [InlineData("SomethingNew")]
    public void WhateverDidNotPass_Failed(string outcome) =>
        Assert.Equal("0 passed, 1 failed, 0 skipped", TestResults.Sum([File(outcome)]).Summary);

    [Fact]
    public void Failure_HasNameMessageAndFilter()
    {
        FailedTest failure = Assert.Single(TestResults.Sum([File("Failed")]).Failures);

        Assert.Equal(new FailedTest("A.B.C(x: 1)", "A.B.C", "what failed"), failure);
    }

    /// <summary>The file of a run of which the kernel killed the test process, since memory ran out.</summary>
    [Fact]
    public void ProcessThatEndsInTheMiddle_IsAFailure()
    {
        XDocument file = File("Passed");
        XNamespace trx = file.Root!.Name.Namespace;
        file.Root.Add(
            new XElement(trx + "TestDefinitions", new XElement(trx + "UnitTest", new XElement(trx + "TestMethod", new XAttribute("className", "Atoll.Net.Tests.Tcp.WindowTests")))),
            new XElement(trx + "ResultSummary", new XElement(trx + "RunInfos", Info("Warning", "a warning"), Info("Error", "[xUnit.net 00:02:34.15]     A.B.C(x: 1) [FAIL]"), Info("Error", "The active test run was aborted. Reason: Test host process crashed"))));

        TestResults results = TestResults.Sum([file]);

        Assert.Equal("1 passed, 1 failed, 0 skipped", results.Summary);
        FailedTest failure = Assert.Single(results.Failures);
        Assert.Equal(("Atoll.Net", "Atoll.Net"), (failure.Name, failure.FilterName));
        Assert.StartsWith("The active test run was aborted. Reason: Test host process crashed; the last test that ended: A.B.C(x: 1)", failure.Message, StringComparison.Ordinal);

        XElement Info(string outcome, string text) =>
            new(trx + "RunInfo", new XAttribute("outcome", outcome), new XElement(trx + "Text", text));
    }

    [Fact]
    public void NoFile_IsNoTest() => Assert.Equal("0 passed, 0 failed, 0 skipped", TestResults.Sum([]).Summary);

    private static XDocument File(params string[] outcomes)
    {
        XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        return new XDocument(new XElement(
            trx + "TestRun",
            new XElement(
                trx + "Results",
                outcomes.Select(outcome => new XElement(
                    trx + "UnitTestResult",
                    new XAttribute("testName", "A.B.C(x: 1)"),
                    new XAttribute("outcome", outcome),
                    new XElement(trx + "Output", new XElement(trx + "ErrorInfo", new XElement(trx + "Message", "what failed"))))))));
    }
}
