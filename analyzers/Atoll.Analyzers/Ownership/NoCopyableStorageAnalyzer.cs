using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0402: owned values are kept in owned structs, and nowhere else.</summary>
/// <remarks>
/// Whoever copies a struct copies its fields, so the mark goes up to the outermost one. A field with the same bytes in an explicit
/// layout is a copy, too, and one that makes values from anything. Generic code knows nothing of
/// ownership unless its parameter says <c>[AllowLinear]</c>; a box, a tuple, a nullable and an array are such code.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoCopyableStorageAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0402",
        "Stored where it can be copied",
        "Here a '{0}' could be copied without a trace: {1}",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Keep it in a local or in a field of a struct that is [Linear] or [NonCopyable] itself.",
        "docs/rules/ATL0402.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSymbolAction(
            InspectSymbol, SymbolKind.Field, SymbolKind.Property, SymbolKind.Method, SymbolKind.Parameter);
        context.RegisterOperationAction(InspectConversion, OperationKind.Conversion);
        context.RegisterOperationAction(
            InspectType,
            OperationKind.Tuple, OperationKind.ArrayCreation, OperationKind.CollectionExpression,
            OperationKind.ObjectCreation, OperationKind.DefaultValue);
        context.RegisterOperationAction(InspectCall, OperationKind.Invocation, OperationKind.MethodReference);
        context.RegisterOperationAction(InspectAnonymous, OperationKind.AnonymousObjectCreation);
        context.RegisterOperationAction(
            InspectCapture, OperationKind.LocalReference, OperationKind.ParameterReference);
    }

    private static void InspectSymbol(SymbolAnalysisContext context)
    {
        (ITypeSymbol? type, bool isStorage) = context.Symbol switch
        {
            IFieldSymbol field => (field.Type, Keeps(field)),
            IPropertySymbol property => (property.Type, IsAutomatic(property)),
            IMethodSymbol { MethodKind: MethodKind.Ordinary } method => (method.ReturnType, false),
            IParameterSymbol parameter => (parameter.Type, false),
            _ => (null, false),
        };
        if (context.Symbol.IsImplicitlyDeclared)
        {
            return;
        }

        if (isStorage && Owned.IsOwned(type))
        {
            Report(context.ReportDiagnostic, context.Symbol, context.Symbol.Place(), type!, context.Symbol switch
            {
                IPropertySymbol => "an auto-property returns copies",
                { IsStatic: true } => "a static has no owner",
                _ => $"'{context.Symbol.ContainingType.Display()}' is neither [Linear] nor [NonCopyable]",
            });
        }
        else if (context.Symbol is IFieldSymbol overlaid && Overlays.Other(overlaid) is { } other && Owned.In(type) is { } inside)
        {
            Report(context.ReportDiagnostic, overlaid, overlaid.Place(), inside, $"'{other.Name}' has the same bytes");
        }
        else if (Owned.KeptIn(type) is { } kept)
        {
            Report(context.ReportDiagnostic, context.Symbol, context.Symbol.Place(), kept,
                $"'{type!.Display()}' knows nothing of ownership");
        }
    }

    // A ref field keeps no value.
    private static bool Keeps(IFieldSymbol field) =>
        field is { RefKind: RefKind.None, AssociatedSymbol: null }
            && (field.IsStatic || !Owned.IsOwned(field.ContainingType));

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static void InspectConversion(OperationAnalysisContext context)
    {
        var conversion = (IConversionOperation)context.Operation;
        if (conversion.OperatorMethod is null && Owned.IsOwned(conversion.Operand.Type)
            && !Owned.IsOwned(conversion.Type) && !conversion.IsComparedWithNull())
        {
            Report(context, conversion.Operand.Type!, $"'{conversion.Type?.Display()}' knows nothing of ownership");
        }
    }

    private static void InspectType(OperationAnalysisContext context)
    {
        ITypeSymbol? type = context.Operation.Type;
        bool isTarget = context.Operation.Parent is IDeconstructionAssignmentOperation deconstruction
            && deconstruction.Target == context.Operation;
        if (!isTarget && Owned.KeptIn(type) is { } kept)
        {
            Report(context, kept, $"'{type!.Display()}' knows nothing of ownership");
        }
    }

    private static void InspectCall(OperationAnalysisContext context)
    {
        IMethodSymbol method = context.Operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            var reference => ((IMethodReferenceOperation)reference).Method,
        };
        if (method.Name == "SizeOf" && method.Parameters.IsEmpty && method.ContainingType.IsNamed("System.Runtime.CompilerServices.Unsafe"))
        {
            // A number about the type: no value goes in or comes out.
            return;
        }

        bool isBound = context.Operation is IMethodReferenceOperation { Instance: { } instance }
            && Owned.IsOwned(instance.Type);
        ITypeSymbol? kept = isBound
            ? method.ContainingType
            : Owned.Refused(method.TypeParameters, method.TypeArguments) ?? Owned.KeptIn(method.ContainingType);
        if (kept is not null && !context.Operation.IsInNameOf())
        {
            Report(context, kept, isBound ? "a delegate holds a box" : $"'{method.Display()}' knows nothing of ownership");
        }
    }

    private static void InspectAnonymous(OperationAnalysisContext context)
    {
        var creation = (IAnonymousObjectCreationOperation)context.Operation;
        foreach (ISimpleAssignmentOperation member in creation.Initializers.OfType<ISimpleAssignmentOperation>())
        {
            if (Owned.IsOwned(member.Value.Type))
            {
                Report(context, member.Value.Type!, "an anonymous object returns copies");
            }
        }
    }

    // A lambda, a local function, and a member that uses a parameter of its type's primary constructor.
    private static void InspectCapture(OperationAnalysisContext context)
    {
        ISymbol variable = context.Operation switch
        {
            ILocalReferenceOperation reference => reference.Local,
            var reference => ((IParameterReferenceOperation)reference).Parameter,
        };
        ISymbol function = context.Operation.EnclosingFunction(context.ContainingSymbol);
        if (Owned.IsOwned(context.Operation.Type) && function is IMethodSymbol && !IsReceiver(variable, function)
            && !SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, function)
            && !context.Operation.IsInNameOf())
        {
            Report(context, context.Operation.Type!, $"'{function.Display()}' captures it and may run more than once");
        }
    }

    private static bool IsReceiver(ISymbol variable, ISymbol function) =>
        function.ExtendedAs() is { } extended && SymbolEqualityComparer.Default.Equals(extended, variable);

    private static void Report(OperationAnalysisContext context, ITypeSymbol type, string why) =>
        Report(
            context.ReportDiagnostic,
            context.Operation.EnclosingFunction(context.ContainingSymbol),
            context.Operation.Syntax.GetLocation(),
            type,
            why);

    private static void Report(Action<Diagnostic> report, ISymbol scope, Location where, ITypeSymbol type, string why)
    {
        if (!KernelProfile.IsTrusted(scope))
        {
            report(Diagnostic.Create(s_rule, where, type.Display(), why));
        }
    }
}
