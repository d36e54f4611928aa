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
