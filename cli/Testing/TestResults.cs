using System.Xml.Linq;

namespace Atoll.Cli.Testing;

/// <summary>A test that failed.</summary>
/// <param name="Name">Its name with its arguments.</param>
/// <param name="FilterName">Its name without them, which the filter understands.</param>
/// <param name="Message">What it says.</param>
public sealed record FailedTest(string Name, string FilterName, string Message);

/// <summary>What came of a test run, summed over its result files.</summary>
public sealed record TestResults(int Passed, int Skipped, IReadOnlyList<FailedTest> Failures)
{
    private static readonly XNamespace s_trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>The line that ends every run.</summary>
    public string Summary => $"{Passed} passed, {Failures.Count} failed, {Skipped} skipped";

    /// <summary>Reads all <c>.trx</c> files of a folder.</summary>
    public static TestResults Read(string folder) =>
        Sum(Directory.EnumerateFiles(folder, "*.trx").Order(StringComparer.Ordinal).Select(XDocument.Load));

    /// <summary>Sums result documents.</summary>
    public static TestResults Sum(IEnumerable<XDocument> documents)
    {
        int passed = 0;
        int skipped = 0;
        List<FailedTest> failures = [];
        foreach (XElement result in documents.SelectMany(document => document.Descendants(s_trx + "UnitTestResult")))
        {
            switch (result.Attribute("outcome")?.Value)
            {
                case "Passed":
                    passed++;
                    break;
                case "NotExecuted":
                    skipped++;
                    break;
                default:
                    failures.Add(Failure(result));
                    break;
            }
        }

        return new TestResults(passed, skipped, failures);
    }

    private static FailedTest Failure(XElement result)
    {
        string name = result.Attribute("testName")?.Value ?? "unnamed";
        string message = result.Descendants(s_trx + "Message").FirstOrDefault()?.Value ?? "no message";
        return new FailedTest(name, name.Split('(')[0], message);
    }
}
