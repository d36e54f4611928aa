using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Boundary;

/// <summary>ATL0705: a number does not become a function pointer outside Arch and [Trusted] code.</summary>
/// <remarks>A data pointer is a number, too. One function pointer type into another is not seen here.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoForgedFunctionPointerAnalyzer() : KernelRule(s_rule)
{
    private const string ArchRoom = "Atoll.Arch";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0705",
        "Integer to function pointer",
        "'{0}' is a number: nothing says that a function starts there",
        "Atoll.Boundary",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Bit 1 of a function's address chooses how it is called, and no proof follows a computed address.",
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
        if (conversion.Type is IFunctionPointerTypeSymbol && IsNumber(conversion.Operand.Type)
            && !KernelProfile.IsTrusted(conversion.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, conversion.Syntax.GetLocation(), conversion.Operand.Syntax.ToString()));
        }
    }

    private static bool IsNumber(ITypeSymbol? type) =>
        type is IPointerTypeSymbol
            || type?.SpecialType is >= SpecialType.System_Char and <= SpecialType.System_UInt64
                or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
