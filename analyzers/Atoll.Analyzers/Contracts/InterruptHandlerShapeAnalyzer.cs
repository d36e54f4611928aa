using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Contracts;

/// <summary>ATL0902: an [InterruptHandler] has the shape that its entry calls, and promises to be [InterruptSafe].</summary>
/// <remarks>
/// Static, not generic, returns nothing, takes pointers and integers only: what System V passes in registers.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InterruptHandlerShapeAnalyzer() : KernelRule(s_rule)
{
    /// <summary>The property of a report that says which word would mend it, if one would.</summary>
    internal const string Missing = "Missing";
    internal const string MissingStatic = "static";
    internal const string MissingPromise = "InterruptSafe";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0902",
        "Interrupt handler shape",
        "'{0}' is called by an interrupt entry: {1}",
        "Atoll.Codegen",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The entry passes one pointer in a register, knows no instance, and returns to what it interrupted.",
        "docs/rules/ATL0902.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(Inspect, SymbolKind.Method);

    private static void Inspect(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (!method.HasAttribute("Atoll.InterruptHandlerAttribute"))
        {
            return;
        }

        foreach ((string fault, string? missing) in Faults(method))
        {
            ImmutableDictionary<string, string?> properties = missing is null
                ? ImmutableDictionary<string, string?>.Empty
                : ImmutableDictionary<string, string?>.Empty.Add(Missing, missing);
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, method.Place(), properties, method.Display(), fault));
        }
    }

    private static IEnumerable<(string Fault, string? Missing)> Faults(IMethodSymbol method)
    {
        if (!method.IsStatic)
        {
            yield return ("it has no instance to be called on", MissingStatic);
        }

        if (method.IsGenericMethod || method.ContainingType.IsGenericType)
        {
            yield return ("nobody chooses its type arguments", null);
        }

        if (!method.ReturnsVoid)
        {
            yield return ("nobody reads what it returns", null);
        }

        foreach (IParameterSymbol parameter in method.Parameters.Where(static parameter => !IsRegister(parameter)))
        {
            yield return ($"'{parameter.Name}' is not a pointer or an integer", null);
        }

        if ((Contract.Of(method).Promises & Promises.InterruptSafe) == 0)
        {
            yield return ("it is not [InterruptSafe]", MissingPromise);
        }
    }

    private static bool IsRegister(IParameterSymbol parameter) =>
        parameter.RefKind != RefKind.None
            || parameter.Type.TypeKind is TypeKind.Pointer or TypeKind.Enum
            || parameter.Type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64
                or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
