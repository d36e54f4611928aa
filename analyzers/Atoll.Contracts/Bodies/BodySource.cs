using System.Collections.Concurrent;
using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Finds and reads the bodies of methods of this compilation, each at most once.</summary>
internal sealed class BodySource(Compilation compilation, CancellationToken cancellation)
{
    private readonly BodyReader _reader = new(compilation);
    private readonly ConcurrentDictionary<IMethodSymbol, Body?> _bodies = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();

    /// <summary>Reads operations that the caller has at hand.</summary>
    public Body Read(IEnumerable<IOperation> operations, IMethodSymbol? function) => _reader.Read(operations, function);

    /// <summary>The body of a method, or null when its text is not here: another assembly, or <c>extern</c>.</summary>
    public Body? Of(IMethodSymbol method) => _bodies.GetOrAdd(method.Body(), Find);

    private Body? Find(IMethodSymbol method)
    {
        IMethodSymbol written = method.PartialImplementationPart ?? method;
        if (written.IsExtern || written.IsAbstract)
        {
            return null;
        }

        if (SynthesizedMembers.Find(written) is { } synthesized)
        {
            return synthesized;
        }

        if (!SymbolEqualityComparer.Default.Equals(written.ContainingAssembly, compilation.Assembly))
        {
            return null;
        }

        IOperation[] roots = [.. Roots(written)];
        bool isConstructor = written.MethodKind == MethodKind.Constructor;
        return roots.Length == 0 && !isConstructor && !IsAutomatic(written)
            ? null
            : WithAsync(written, WithBaseConstructor(written, _reader.Read(roots, written), roots));
    }

    private static Body WithAsync(IMethodSymbol method, Body body) =>
        method.IsAsync
            ? body with { Deeds = body.Deeds.Add(AsyncDeed(method.DeclaringSyntaxReferences[0].GetSyntax())) }
            : body;

    /// <summary>What any async function does: it may have to wait, and then its locals move to the heap.</summary>
    public static Deed AsyncDeed(SyntaxNode syntax) => new(Guarantees.NoGC, Rules.Unknown, syntax, "async: it allocates when it has to wait");

    // 'class C : Base' with a constructor that does not name another one calls Base().
    private static Body WithBaseConstructor(IMethodSymbol method, Body body, IOperation[] roots)
    {
        if (method is not { MethodKind: MethodKind.Constructor, ContainingType: { TypeKind: TypeKind.Class, BaseType: { SpecialType: not SpecialType.System_Object } parent } type }
            || roots.Any(static root => root.DescendantsAndSelf().Any(IsConstructorCall))
            || parent.InstanceConstructors.FirstOrDefault(static one => one.Parameters.IsEmpty) is not { } called)
        {
            return body;
        }

        SyntaxNode where = roots.FirstOrDefault()?.Syntax ?? type.DeclaringSyntaxReferences[0].GetSyntax();
        return body with { Calls = body.Calls.Add(new CallSite(called, null, where, Guarantees.None)) };
    }

    private static bool IsConstructorCall(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod.MethodKind: MethodKind.Constructor };

    private IEnumerable<IOperation> Roots(IMethodSymbol method)
    {
        bool callsOther = false;
        foreach (SyntaxReference reference in method.DeclaringSyntaxReferences)
        {
            foreach (SyntaxNode node in Nodes(reference.GetSyntax(cancellation)))
            {
                callsOther |= node is ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer };
                if (Operation(node) is { } operation)
                {
                    yield return operation is ILocalFunctionOperation { Body: { } body } ? body : operation;
                }
            }
        }

        if (method.MethodKind == MethodKind.Constructor && !callsOther)
        {
            foreach (IOperation initializer in Initializers(method.ContainingType))
            {
                yield return initializer;
            }
        }
    }

    private static IEnumerable<SyntaxNode> Nodes(SyntaxNode declaration) =>
        declaration switch
        {
            // A primary constructor's own text is what it hands to the base.
            TypeDeclarationSyntax { BaseList: { } bases } => bases.Types.OfType<PrimaryConstructorBaseTypeSyntax>(),
            TypeDeclarationSyntax => [],
            AccessorDeclarationSyntax { Body: null, ExpressionBody: null } => [],
            ArrowExpressionClauseSyntax or BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
                or CompilationUnitSyntax => [declaration],
            PropertyDeclarationSyntax { ExpressionBody: { } arrow } => [arrow],
            IndexerDeclarationSyntax { ExpressionBody: { } arrow } => [arrow],
            AnonymousFunctionExpressionSyntax lambda => [lambda.Body],
            _ => [],
        };

    private IEnumerable<IOperation> Initializers(INamedTypeSymbol type)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member.IsStatic || member is not (IFieldSymbol { IsImplicitlyDeclared: false } or IPropertySymbol))
            {
                continue;
            }

            foreach (SyntaxReference reference in member.DeclaringSyntaxReferences)
            {
                SyntaxNode? value = reference.GetSyntax(cancellation) switch
                {
                    VariableDeclaratorSyntax field => field.Initializer,
                    PropertyDeclarationSyntax property => property.Initializer,
                    _ => null,
                };
                if (value is not null && Operation(value) is { } operation)
                {
                    yield return operation;
                }
            }
        }
    }

    private IOperation? Operation(SyntaxNode node) =>
        _models.GetOrAdd(node.SyntaxTree, tree => compilation.GetSemanticModel(tree)).GetOperation(node, cancellation);

    private static bool IsAutomatic(IMethodSymbol method) =>
        method.AssociatedSymbol is IPropertySymbol { IsAbstract: false, IsExtern: false }
        || method.MethodKind is MethodKind.Constructor;
}
