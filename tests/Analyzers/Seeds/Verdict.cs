using System.Text.RegularExpressions;

namespace Atoll.Analyzers.Tests.Seeds;

/// <summary>How a build of the image ended.</summary>
/// <param name="By">Who rejected it.</param>
/// <param name="Words">In which words; empty when nobody did.</param>
public sealed partial record Verdict(ToolChain By, string Words)
{
    /// <summary>Reads the verdict off a build.</summary>
    /// <exception cref="InvalidOperationException">The build failed for a reason that is no verdict.</exception>
    public static Verdict Of((int ExitCode, string Output) build)
    {
        if (build.ExitCode == 0)
        {
            return new Verdict(ToolChain.Nobody, "");
        }

        if (LinkerError().Match(build.Output) is { Success: true } link)
        {
            return new Verdict(ToolChain.Linker, link.Groups["words"].Value);
        }

        if (CompilerError().Match(build.Output) is { Success: true } compile)
        {
            return new Verdict(ToolChain.Csc, compile.Groups["words"].Value);
        }

        return build.Output.Contains("tools/ilc", StringComparison.Ordinal)
            ? new Verdict(ToolChain.Ilc, NativeError().Match(build.Output).Groups["words"].Value)
            : throw new InvalidOperationException(build.Output);
    }

    [GeneratedRegex(@"error (?<words>ATL9\d{3}.*?)( \[/|\r?$)", RegexOptions.Multiline)]
    private static partial Regex LinkerError();

    [GeneratedRegex(@"error (?<words>CS\d{4}.*?)( \[/|\r?$)", RegexOptions.Multiline)]
    private static partial Regex CompilerError();

    [GeneratedRegex(@"EXEC : error : (?<words>.*?)( \[/|\r?$)", RegexOptions.Multiline)]
    private static partial Regex NativeError();
}
