using System.Diagnostics;
using Atoll.Contracts.Tests.Harness;

namespace Atoll.Contracts.Tests.Library;

/// <summary>The shipped list is what its generator writes: by the IL of the installed framework and by runs.</summary>
public sealed class GeneratorTests
{
    private static readonly string s_shipped = Repository.PathOf("analyzers", "Atoll.Contracts", "Library", "net10.contracts.txt");

    /// <summary>Wrong, missing and made-up lines of a few types are put right by writing these types anew, and nothing else is touched.</summary>
    [Fact]
    public void SpoiledLines_AreWrittenAsTheyWere()
    {
        string[] shipped = File.ReadAllLines(s_shipped);
        string[] parts = ["M:System.Numerics.BitOperations.", "M:System.Collections.Generic.Stack`1.", "M:System.Tuple.Create"];
        bool IsSpoiled(string line) => parts.Any(part => line.StartsWith(part, StringComparison.Ordinal));
        string[] spoiled =
        [
            .. shipped.Where(line => !line.StartsWith("M:System.Numerics.BitOperations.PopCount", StringComparison.Ordinal))
                .Select(line => IsSpoiled(line) ? line.Replace(" G", " g", StringComparison.Ordinal) : line),
            "M:System.Numerics.BitOperations.NoSuchMember GLTRB",
        ];
        string copy = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(copy, spoiled);

            (int code, string said) = Generate(["update", copy, .. parts]);

            Assert.True(code == 0, said);
            Assert.NotEqual(shipped, spoiled);
            Assert.True(shipped.Count(IsSpoiled) > 50);
            Assert.Equal(shipped, File.ReadAllLines(copy));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>The whole list.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public void WholeList_IsTheOneThatIsShipped()
    {
        (int code, string said) = Generate(["check", s_shipped]);

        Assert.True(code == 0, said);
    }

    private static (int Code, string Said) Generate(string[] arguments)
    {
        string program = Repository.PathOf("artifacts", "bin", "Atoll.Contracts.Generator", "release", "Atoll.Contracts.Generator.dll");
        using Process generator = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = generator.StandardOutput.ReadToEndAsync();
        string said = generator.StandardError.ReadToEnd();
        generator.WaitForExit();
        return (generator.ExitCode, said + output.Result);
    }
}
