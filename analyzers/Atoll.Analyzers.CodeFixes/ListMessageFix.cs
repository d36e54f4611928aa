using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0504: a message with an id of its own is added to Messages.shipped.txt, before the next higher id.</summary>
/// <remarks>An id that is missing, taken or changed is for a human to decide: somebody may have received it.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ListMessageFix() : SolutionCodeFix("ATL0504", "List the message in Messages.shipped.txt")
{
    private protected override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken)
    {
        if (!target.Diagnostic.Properties.TryGetValue("MissingLine", out string? line) || line is null
            || target.AdditionalFile("Messages.shipped.txt") is not { } file)
        {
            return null;
        }

        SourceText text = file.GetTextAsync(cancellationToken).GetAwaiter().GetResult();
        uint id = IdOf(line) ?? 0;
        int next = text.Lines.FirstOrDefault(other => IdOf(other.ToString()) > id) is { Span.IsEmpty: false } higher
            ? higher.Start
            : text.Length;
        string separator = next == text.Length && next > 0 && text[next - 1] != '\n' ? "\n" : "";
        return target.ChangeAdditional(file, text, new TextSpan(next, 0), $"{separator}{line}\n");
    }

    private static uint? IdOf(string line) => uint.TryParse(line.Split(' ')[0], out uint id) ? id : null;
}
