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
        IReadOnlyList<XDocument> all = [.. documents];
        int passed = 0;
        int skipped = 0;
        List<FailedTest> failures = [.. all.SelectMany(Ends)];
        foreach (XElement result in all.SelectMany(document => document.Descendants(s_trx + "UnitTestResult")))
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

    // A process that ends in the middle leaves no word of the tests that it did not come to: that is a failure, whatever passed before. (A test that fails has an error of the run, too.)
    private static IEnumerable<FailedTest> Ends(XDocument document) =>
        from info in document.Descendants(s_trx + "RunInfo")
        where info.Attribute("outcome")?.Value is "Error" && info.Value.Contains("aborted", StringComparison.Ordinal)
        let name = RoomOf(document)
        let last = document.Descendants(s_trx + "UnitTestResult").LastOrDefault()?.Attribute("testName")?.Value ?? "none"
        select new FailedTest(name, name, $"{info.Value.Trim()}; the last test that ended: {last}. 'dmesg' tells whether memory ran out");

    // Two parts of a name say which project: Atoll.Net.
    private static string RoomOf(XDocument document) =>
        document.Descendants(s_trx + "TestMethod").FirstOrDefault()?.Attribute("className")?.Value is { } type
            ? string.Join('.', type.Split('.').Take(2))
            : "a test project";

    private static FailedTest Failure(XElement result)
    {
        string name = result.Attribute("testName")?.Value ?? "unnamed";
        string message = result.Descendants(s_trx + "Message").FirstOrDefault()?.Value ?? "no message";
        return new FailedTest(name, name.Split('(')[0], message);
    }
}
