using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Calls;

/// <summary>ATL0009: the target of every call is known from the receiver's type.</summary>
/// <remarks>
/// A struct, a sealed class and a type parameter that is not bound to classes have one implementation. Everything else
/// is found through a table at run time, and the linker cannot bound the stack through it.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoDynamicDispatchAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0009",
        "No virtual or interface dispatch",
        "'{0}' is found at run time: a '{1}' may override it",
        "Atoll.Calls",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Call through a struct, a sealed class or a constrained type parameter.",
        "docs/rules/ATL0009.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(
            InspectMember,
            OperationKind.Invocation, OperationKind.PropertyReference, OperationKind.EventReference);
        context.RegisterOperationAction(InspectLoop, OperationKind.Loop);
        context.RegisterOperationAction(InspectUsing, OperationKind.Using, OperationKind.UsingDeclaration);
    }

    private static void InspectMember(OperationAnalysisContext context)
    {
        (IOperation? instance, ISymbol? member) = context.Operation switch
        {
            IInvocationOperation invocation => (invocation.Instance, (ISymbol)invocation.TargetMethod),
            IMemberReferenceOperation reference => (reference.Instance, reference.Member),
            _ => (null, null),
        };

        // base.M() names its target.
        if (member is not null && instance is { Syntax: not BaseExpressionSyntax }
            && IsDispatched(member, instance.Type))
        {
            Report(context, member, instance.Type!);
        }
    }

    private static void InspectLoop(OperationAnalysisContext context)
    {
        if (context.Operation is not IForEachLoopOperation { SemanticModel: { } model } loop
            || loop.Syntax is not CommonForEachStatementSyntax syntax
            || loop.SourceType() is not { } source || source is IArrayTypeSymbol)
        {
            return;
        }

        ForEachStatementInfo info = model.GetForEachStatementInfo(syntax);
        ITypeSymbol? enumerator = info.GetEnumeratorMethod?.ReturnType;
        if (info.GetEnumeratorMethod is { } start && IsDispatched(start, source))
        {
            Report(context, loop.Collection.Syntax, start, source);
        }
        else if (info.MoveNextMethod is { } advance && enumerator is not null && IsDispatched(advance, enumerator))
        {
            Report(context, loop.Collection.Syntax, advance, enumerator);
        }
    }

    private static void InspectUsing(OperationAnalysisContext context)
    {
        IEnumerable<(ITypeSymbol? Type, SyntaxNode Syntax)> resources = context.Operation switch
        {
            IUsingOperation { Resources: IVariableDeclarationGroupOperation group } => Variables(group),
            IUsingOperation block => [(block.Resources.Type, block.Resources.Syntax)],
            IUsingDeclarationOperation declaration => Variables(declaration.DeclarationGroup),
            _ => [],
        };

        foreach ((ITypeSymbol? type, SyntaxNode syntax) in resources)
        {
            if (type is not null && Receiver.MayBeOverridden(type)
                && Calls.Disposal(context.Compilation, type) is { } dispose && IsDispatched(dispose, type))
            {
                Report(context, syntax, dispose, type);
            }
        }
    }

    private static IEnumerable<(ITypeSymbol? Type, SyntaxNode Syntax)> Variables(
        IVariableDeclarationGroupOperation group) =>
        group.Declarations.SelectMany(static declaration => declaration.Declarators)
            .Select(static declarator => ((ITypeSymbol?)declarator.Symbol.Type, declarator.Syntax));

    private static bool IsDispatched(ISymbol member, ITypeSymbol? receiver) =>
        (member.IsVirtual || member.IsAbstract || member.IsOverride) && !member.IsSealed && !member.IsStatic
        && receiver is not null && Receiver.MayBeOverridden(receiver);

    private static void Report(OperationAnalysisContext context, ISymbol member, ITypeSymbol receiver) =>
        Report(context, context.Operation.Syntax, member, receiver);

    private static void Report(
        OperationAnalysisContext context, SyntaxNode syntax, ISymbol member, ITypeSymbol receiver) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, syntax.GetLocation(), member.Display(), receiver.Display()));
}
