using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>ATL0103: a locked instruction appears only where <c>[Trusted]</c> says why it is bounded.</summary>
/// <remarks>
/// Covers the hidden one: the accessors that csc writes for a field-like event loop over a compare-exchange.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AtomicInPrimitiveOnlyAnalyzer() : KernelRule(s_rule)
{
    private const string Interlocked = "System.Threading.Interlocked";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0103",
        "Atomic outside a primitive",
        "'{0}' is a locked instruction outside [Trusted] code",
        "Atoll.Progress",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Kernels share no writable word but ring slots, which need plain loads and stores only.",
        "docs/rules/ATL0103.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(InspectUse, OperationKind.Invocation, OperationKind.MethodReference);
        context.RegisterSymbolAction(InspectType, SymbolKind.NamedType);
        context.RegisterSymbolAction(InspectEvent, SymbolKind.Event);
    }

    private static void InspectUse(OperationAnalysisContext context)
    {
        IMethodSymbol? method = context.Operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IMethodReferenceOperation reference => reference.Method,
            _ => null,
        };
        if (method is not null && IsAtomic(method) && !context.Operation.IsInNameOf()
            && !KernelProfile.IsTrusted(context.Operation.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, context.Operation.Syntax.GetLocation(), method.Display()));
        }
    }

    // ILC makes any type of this name into locked instructions, so declaring it is as good as using it.
    private static void InspectType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.IsNamed(Interlocked) && !KernelProfile.IsTrusted(type))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, type.Place(), type.Display()));
        }
    }

    private static void InspectEvent(SymbolAnalysisContext context)
    {
        var declared = (IEventSymbol)context.Symbol;
        bool isFieldLike = declared is { IsAbstract: false, IsExtern: false, AddMethod.IsImplicitlyDeclared: true };
        if (isFieldLike && !KernelProfile.IsTrusted(declared))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, declared.Place(), declared.Display()));
        }
    }

    private static bool IsAtomic(IMethodSymbol method) =>
        method.ContainingType.IsNamed(Interlocked)
        || method.Name is "MemoryBarrier" or "VolatileRead" or "VolatileWrite"
            && method.ContainingType.IsNamed("System.Threading.Thread");
}
