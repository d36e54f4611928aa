using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Boundary;

/// <summary>ATL0705: a function pointer says what the function is, outside Arch and [Trusted] code.</summary>
/// <remarks>
/// So none is made of a number (a data pointer is one, too), and none is cast into one of another type: called through a type
/// that it does not have, a function takes a number for a reference. What C# converts without a cast, such as <c>T*</c> where
/// <c>void*</c> is expected, is the same function.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoForgedFunctionPointerAnalyzer() : KernelRule(s_rule)
{
    private const string ArchRoom = "Atoll.Arch";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0705",
        "Forged function pointer",
        "'{0}' is {1}: nothing says that a function of this type starts there",
        "Atoll.Boundary",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A call through a type that the function does not have goes around all other types.",
        "docs/rules/ATL0705.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        if (profile.Compilation.AssemblyName != ArchRoom)
        {
            context.RegisterOperationAction(Inspect, OperationKind.Conversion);
        }
    }

    private static void Inspect(OperationAnalysisContext context)
    {
        var conversion = (IConversionOperation)context.Operation;
        if (conversion.Type is IFunctionPointerTypeSymbol && Fault(conversion) is { } fault
            && !KernelProfile.IsTrusted(conversion.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, conversion.Syntax.GetLocation(), conversion.Operand.Syntax.ToString(), fault));
        }
    }

    private static string? Fault(IConversionOperation conversion) =>
        IsNumber(conversion.Operand.Type) ? "a number"
        : conversion.Operand.Type is IFunctionPointerTypeSymbol source && !IsSame(source, conversion) ? "a function of another type"
        : null;

    private static bool IsSame(IFunctionPointerTypeSymbol source, IConversionOperation conversion) =>
        conversion.Language == LanguageNames.CSharp && conversion.SemanticModel?.Compilation is CSharpCompilation compilation
            && compilation.ClassifyConversion(source, conversion.Type!) is { IsImplicit: true };

    private static bool IsNumber(ITypeSymbol? type) =>
        type is IPointerTypeSymbol
            || type?.SpecialType is >= SpecialType.System_Char and <= SpecialType.System_UInt64
                or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
