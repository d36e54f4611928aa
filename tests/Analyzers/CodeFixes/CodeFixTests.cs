using System.Collections.Immutable;
using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>
/// Tests of one fix: what it makes of a file, one finding after the other and all at once; and where it is not offered.
/// </summary>
public abstract class CodeFixTests<TRule, TFix>
    where TRule : DiagnosticAnalyzer, new()
    where TFix : KernelCodeFix, new()
{
    private const int RoundsMax = 10;

    /// <summary>Fixes until nothing is offered, both ways, and compares. The outcome must compile.</summary>
    protected static async Task FixesAsync(string before, string after)
    {
        Assert.NotEqual(before, after);
        Assert.Equal(after, await OneByOneAsync(CodeFixDocument.Create(before)));
        Assert.Equal(after, await AllAtOnceAsync(CodeFixDocument.Create(before)));
    }

    /// <summary>The rule reports something, and the fix leaves it to a human.</summary>
    protected static async Task IsNotOfferedAsync(string text)
    {
        Document document = CodeFixDocument.Create(text);
        ImmutableArray<Diagnostic> reported = await CodeFixDocument.ReportAsync<TRule>(document);

        Assert.NotEmpty(reported);
        foreach (Diagnostic diagnostic in reported)
        {
            Assert.Empty(await OfferAsync(document, diagnostic));
        }
    }

    private static async Task<string> OneByOneAsync(Document document)
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            CodeAction? action = null;
            foreach (Diagnostic diagnostic in await CodeFixDocument.ReportAsync<TRule>(document))
            {
                action ??= (await OfferAsync(document, diagnostic)).FirstOrDefault();
            }

            if (action is null)
            {
                break;
            }

            document = await CodeFixDocument.ApplyAsync(document, action);
        }

        return await CodeFixDocument.TextAsync(document);
    }

    private static async Task<string> AllAtOnceAsync(Document document)
    {
        var fix = new TFix();
        Diagnostic? first = null;
        foreach (Diagnostic diagnostic in await CodeFixDocument.ReportAsync<TRule>(document))
        {
            first ??= (await OfferAsync(document, diagnostic)).IsEmpty ? null : diagnostic;
        }

        CodeAction single = (await OfferAsync(document, first!)).Single();
        var context = new FixAllContext(
            document,
            fix,
            FixAllScope.Document,
            single.EquivalenceKey!,
            fix.FixableDiagnosticIds,
            new CodeFixDocument.Reports<TRule>(),
            CancellationToken.None);

        CodeAction all = (await fix.GetFixAllProvider().GetFixAsync(context))!;
        return await CodeFixDocument.TextAsync(await CodeFixDocument.ApplyAsync(document, all));
    }

    private static async Task<ImmutableArray<CodeAction>> OfferAsync(Document document, Diagnostic diagnostic)
    {
        var actions = ImmutableArray.CreateBuilder<CodeAction>();
        await new TFix().RegisterCodeFixesAsync(
            new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        return actions.ToImmutable();
    }
}
