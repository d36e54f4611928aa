using System.Composition;
using Atoll.Analyzers.Trust;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL1002: a trusted place that has a reason gets its line in the list, where the order has it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ListTrustedFix() : SolutionCodeFix("ATL1002", "Add it to the list of trusted places")
{
    private protected override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<AttributeSyntax>() is not { } attribute
            || TrustedPlace.Reason(attribute, target.Model, cancellationToken) is not { } reason
            || string.IsNullOrWhiteSpace(reason)
            || target.AdditionalFile(TrustedPlace.ListName) is not { } list
            || !list.TryGetText(out SourceText? text))
        {
            return null;
        }

        string place = TrustedPlace.Line(target.Project.AssemblyName, attribute, reason);
        foreach (TextLine line in text.Lines)
        {
            string other = line.ToString();
            if (other.Length > 0 && other[0] != '#' && StringComparer.Ordinal.Compare(place, other) < 0)
            {
                return target.ChangeAdditional(list, text, new TextSpan(line.Start, 0), $"{place}\n");
            }
        }

        bool endsLine = text.Length == 0 || text[text.Length - 1] == '\n';
        return target.ChangeAdditional(
            list, text, new TextSpan(text.Length, 0), endsLine ? $"{place}\n" : $"\n{place}");
    }
}
