using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0704: a load or store of a register becomes the one instruction behind <c>Mmio</c>.</summary>
/// <remarks>
/// For 32-bit registers that are reached through a pointer. What reads and writes at once is left to a human: whether the
/// register may be read is the manual's to say.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MmioCallFix() : KernelCodeFix("ATL0704", "Use Mmio")
{
    private const string Class = "Atoll.Arch.Mmio";
    private const string Volatile = "System.Threading.Volatile";

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ExpressionSyntax>() is not { } place || place.Span != target.Span || !IsBehindPointer(place)
            || target.Model.GetTypeInfo(place, cancellationToken).Type?.SpecialType != SpecialType.System_UInt32
            || target.Model.Compilation.GetTypeByMetadataName(Class) is not { } mmio
            || !target.Model.IsAccessible(target.Span.Start, mmio))
        {
            return null;
        }

        if (VolatileCall.Store(target) is { } store)
        {
            return target.Replace(store, Call("Write32", place, store.Right).WithTriviaFrom(store));
        }

        if (place.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call })
        {
            return Transfer(target, call, place, cancellationToken) is { } transfer
                ? target.Replace(call, transfer.WithTriviaFrom(call))
                : VolatileCall.ReadPlace(target) is null ? null : Load(target, place);
        }

        return VolatileCall.ReadPlace(target) is null || place.Parent is RefExpressionSyntax ? null : Load(target, place);
    }

    private static Document Load(FixTarget target, ExpressionSyntax place) =>
        target.Replace(place, Call("Read32", place).WithTriviaFrom(place));

    // Volatile.Read(in p->F) and Volatile.Write(ref p->F, value).
    private static ExpressionSyntax? Transfer(
        FixTarget target, InvocationExpressionSyntax call, ExpressionSyntax place, CancellationToken cancellationToken)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        if (target.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method
            || !method.ContainingType.IsNamed(Volatile)
            || arguments[0].Expression != place || arguments.Any(static argument => argument.NameColon is not null))
        {
            return null;
        }

        return method.Name switch
        {
            "Read" => Call("Read32", place),
            "Write" => Call("Write32", place, arguments[1].Expression),
            _ => null,
        };
    }

    // Only then its address can be taken as it is.
    private static bool IsBehindPointer(ExpressionSyntax place) =>
        place switch
        {
            MemberAccessExpressionSyntax access =>
                access.IsKind(SyntaxKind.PointerMemberAccessExpression) || IsBehindPointer(access.Expression),
            ParenthesizedExpressionSyntax { Expression: PrefixUnaryExpressionSyntax unary } =>
                unary.IsKind(SyntaxKind.PointerIndirectionExpression),
            _ => false,
        };

    private static InvocationExpressionSyntax Call(
        string method, ExpressionSyntax place, ExpressionSyntax? value = null)
    {
        string stored = value is null ? "" : $", {value.WithoutTrivia()}";
        var call = (InvocationExpressionSyntax)SyntaxFactory.ParseExpression(
            $"global::{Class}.{method}((ulong)&{place.WithoutTrivia()}{stored})");
        var access = (MemberAccessExpressionSyntax)call.Expression;
        return call.ReplaceNode(
            access.Expression, access.Expression.WithAdditionalAnnotations(Simplifier.Annotation));
    }
}
