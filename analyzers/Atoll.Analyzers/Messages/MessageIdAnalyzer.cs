using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Messages;

/// <summary>ATL0504: each message has an id of its own, the one that it was shipped with. Reported when the compilation is complete.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MessageIdAnalyzer() : KernelRule(s_rule)
{
    /// <summary>The property of a report about a message that only has to be listed: the line to add.</summary>
    public const string MissingLine = "MissingLine";

    private const string Message = "Atoll.MessageAttribute";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0504",
        "Message id",
        "'{0}' {1}",
        "Atoll.Messages",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Both ends of a ring, built at different times, must mean the same by the same number.",
        "docs/rules/ATL0504.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler,
        WellKnownDiagnosticTags.CompilationEnd);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        var messages = new ConcurrentBag<INamedTypeSymbol>();
        context.RegisterSymbolAction(
            inner =>
            {
                if (inner.Symbol is INamedTypeSymbol type && MessageLayout.IsMessage(type))
                {
                    messages.Add(type);
                }
            },
            SymbolKind.NamedType);
        context.RegisterCompilationEndAction(end => Report(end, messages));
    }

    private static void Report(CompilationAnalysisContext context, IEnumerable<INamedTypeSymbol> messages)
    {
        var shipped = ShippedMessages.Read(context.Options, context.CancellationToken);
        var owners = new Dictionary<uint, string>();
        foreach (INamedTypeSymbol type in messages
            .OrderBy(static type => type.Place().SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(static type => type.Place().SourceSpan.Start))
        {
            string name = Name(type);
            uint id = Id(type);
            string? taken = owners.TryGetValue(id, out string? owner) ? owner : null;
            owners[id] = taken ?? name;
            if (Fault(id, name, taken, shipped) is not { } fault)
            {
                continue;
            }

            ImmutableDictionary<string, string?> properties = fault.IsOnlyUnlisted
                ? ImmutableDictionary<string, string?>.Empty.Add(MissingLine, $"{id} {name}")
                : ImmutableDictionary<string, string?>.Empty;
            context.ReportDiagnostic(Diagnostic.Create(s_rule, type.Place(), properties, type.Display(), fault.Text));
        }
    }

    private static (string Text, bool IsOnlyUnlisted)? Fault(uint id, string name, string? taken, ShippedMessages? shipped) =>
        id == 0 ? ("declares no id: [Message(Id = …)]", false)
        : shipped?.IdOf(name) is { } former && former != id ? ($"was shipped with the id {former}", false)
        : (taken ?? shipped?.OtherOwner(id, name)) is { } owner ? ($"has the id of '{owner}'", false)
        : shipped is not null && shipped.IdOf(name) is null ? ($"is not listed in {ShippedMessages.FileName}", true)
        : null;

    private static uint Id(INamedTypeSymbol type) =>
        type.GetAttributes().First(static data => data.AttributeClass.IsNamed(Message))
            .NamedArguments.FirstOrDefault(static argument => argument.Key == "Id").Value.Value as uint? ?? 0;

    private static string Name(INamedTypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
}
