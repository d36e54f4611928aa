using System.Collections.Concurrent;
using System.Reflection;
using Atoll.Analyzers;
using Atoll.Contracts.Bodies;
using Atoll.Contracts.Library;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Callees;

/// <summary>Says of each call whether it keeps a guarantee: by the callee's contract, by a list, or by looking in.</summary>
internal sealed class CalleeVerdicts(Compilation compilation, DeclaredContracts declared, BodySource bodies, ContractList user)
{
    private readonly OwnImplementations _own = new(compilation);
    private readonly ConcurrentDictionary<(IMethodSymbol Method, Guarantees Guarantee), Outcome> _reached = new(MethodGuaranteeComparer.Instance);

    /// <summary>The verdict on one call and one guarantee.</summary>
    public Outcome Of(CallSite call, Guarantees guarantee) =>
        (call.Ignored & guarantee) != 0 ? Outcome.Clean
        : Leaf(call, guarantee) ?? _reached.GetOrAdd((call.Callee.Body(), guarantee), key => Search(key.Method, key.Guarantee));

    /// <summary>A chain of calls from a call back to a method, or null.</summary>
    public string? PathBack(CallSite call, IMethodSymbol target)
    {
        var paths = new Dictionary<IMethodSymbol, string>(SymbolEqualityComparer.Default);
        var pending = new Queue<IMethodSymbol>();
        Visit(call, string.Empty);
        while (pending.Count > 0)
        {
            IMethodSymbol method = pending.Dequeue();
            if (SymbolEqualityComparer.Default.Equals(method, target))
            {
                return paths[method];
            }

            foreach (CallSite next in bodies.Of(method)?.Calls ?? [])
            {
                Visit(next, paths[method]);
            }
        }

        return null;

        void Visit(CallSite site, string path)
        {
            IMethodSymbol callee = site.Callee.Body();
            if (!paths.ContainsKey(callee) && Dispatch.IsDirect(site))
            {
                paths.Add(callee, path.Length == 0 ? callee.Display() : $"{path} → {callee.Display()}");
                pending.Enqueue(callee);
            }
        }
    }

    // Breadth first, so that the chain in the message is the shortest. A break is worse than not knowing.
    private Outcome Search(IMethodSymbol start, Guarantees guarantee)
    {
        var paths = new Dictionary<IMethodSymbol, string>(SymbolEqualityComparer.Default) { [start] = start.Display() };
        var pending = new Queue<IMethodSymbol>();
        pending.Enqueue(start);
        Outcome worst = Outcome.Clean;
        while (pending.Count > 0 && worst.Verdict != Verdict.Broken)
        {
            IMethodSymbol method = pending.Dequeue();
            string path = paths[method];
            if (bodies.Of(method) is not { } body)
            {
                worst = Worse(worst, new Outcome(Verdict.Unknown, $"{path} has no contract"));
                continue;
            }

            foreach (Deed deed in body.Deeds)
            {
                if ((deed.Breaks & guarantee) != 0)
                {
                    worst = Worse(worst, new Outcome(deed.IsUnknown ? Verdict.Unknown : Verdict.Broken, $"{path} → {deed.What}"));
                }
            }

            foreach (CallSite call in body.Calls)
            {
                if ((call.Ignored & guarantee) != 0)
                {
                    continue;
                }

                if (Leaf(call, guarantee) is { } leaf)
                {
                    worst = leaf.Verdict == Verdict.Clean ? worst : Worse(worst, leaf with { Why = $"{path} → {leaf.Why}" });
                }
                else if (!paths.ContainsKey(call.Callee.Body()))
                {
                    paths.Add(call.Callee.Body(), $"{path} → {call.Callee.Display()}");
                    pending.Enqueue(call.Callee.Body());
                }
            }
        }

        return worst;
    }

    private static Outcome Worse(Outcome one, Outcome other) => other.Verdict > one.Verdict ? other : one;

    /// <summary>What is known without looking in; null when the callee's text is to be read.</summary>
    private Outcome? Leaf(CallSite call, Guarantees guarantee)
    {
        IMethodSymbol callee = call.Callee;
        DeclaredContract contract = declared.Of(callee);
        if ((contract.Guarantees & guarantee) != 0 || guarantee == Guarantees.NoGC && contract.AllowsAllocation)
        {
            return Outcome.Clean;
        }

        if ((callee.MethodImplementationFlags & MethodImplAttributes.Synchronized) != 0 && (guarantee & (Guarantees.NoLock | Guarantees.NoBlock)) != 0)
        {
            return new Outcome(Verdict.Broken, $"{callee.Display()} is MethodImplOptions.Synchronized");
        }

        if (Listed(call, user, guarantee) is { } own)
        {
            return own;
        }

        if (!Dispatch.IsDirect(call))
        {
            return Listed(call, ContractList.Framework, guarantee, isVirtual: true)
                ?? new Outcome(Verdict.Unknown, $"{callee.Display()} is {Dispatch.Kind(call)}");
        }

        bool isSource = SymbolEqualityComparer.Default.Equals(callee.ContainingAssembly, compilation.Assembly);
        return isSource ? null
            : Listed(call, ContractList.Framework, guarantee)

            // What all implementations do, this one does.
            ?? Listed(call, ContractList.Framework, guarantee, isVirtual: true)
            ?? OfOtherAssembly(callee);
    }

    private static Outcome OfOtherAssembly(IMethodSymbol callee) =>
        IsTrivial(callee) ? Outcome.Clean : new Outcome(Verdict.Unknown, $"{callee.Display()} has no contract");

    private static bool IsTrivial(IMethodSymbol callee) =>
        callee is { MethodKind: MethodKind.Constructor, ContainingType.IsValueType: true, Parameters.IsEmpty: true, IsImplicitlyDeclared: true }
        || callee is { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet }
            && callee.OriginalDefinition.HasAttribute("System.Runtime.CompilerServices.CompilerGeneratedAttribute")
        || callee is { MethodKind: MethodKind.Constructor, ContainingType.SpecialType: SpecialType.System_Object };

    private Outcome? Listed(CallSite call, ContractList list, Guarantees guarantee, bool isVirtual = false)
    {
        IMethodSymbol callee = call.Callee;
        IMethodSymbol definition = (callee.ReducedFrom ?? callee).OriginalDefinition;
        if (definition.GetDocumentationCommentId() is not { } id || !list.TryFind(isVirtual ? "V" + id.Substring(1) : id, out ContractLine line))
        {
            return null;
        }

        if ((line.Breaks & guarantee) != 0)
        {
            return new Outcome(Verdict.Broken, callee.Display());
        }

        return (line.Keeps & guarantee) == 0 ? null : Condition(callee, line, call.Kept);
    }

    private Outcome Condition(IMethodSymbol callee, ContractLine line, Assumptions kept)
    {
        int index = 0;
        var keys = ImmutableArray.CreateBuilder<ITypeSymbol>();
        foreach (ITypeSymbol argument in TypeArguments(callee))
        {
            if ((line.TameParameters & (1 << index++)) == 0)
            {
                continue;
            }

            if (!TameTypes.Contains(argument))
            {
                return new Outcome(Verdict.Unknown, $"{callee.Display()} depends on what '{argument.Display()}' does");
            }

            keys.Add(argument);
        }

        if ((line.Assumed & ArgumentFacts.All & ~kept) is var open and not Assumptions.None)
        {
            return new Outcome(Verdict.Unknown, $"{callee.Display()} {ArgumentFacts.Describe(open)}");
        }

        return _own.Breaking(line.Assumed, keys.ToImmutable()) is { } breaking
            ? new Outcome(Verdict.Unknown, $"{callee.Display()} may call '{breaking.Display()}'")
            : Outcome.Clean;
    }

    private static IEnumerable<ITypeSymbol> TypeArguments(IMethodSymbol callee)
    {
        IMethodSymbol method = callee.ReducedFrom is { } unreduced && unreduced.TypeParameters.Length == callee.TypeArguments.Length
            ? unreduced.Construct([.. callee.TypeArguments])
            : callee;
        return (method.ContainingType?.TypeArguments ?? []).Concat(method.TypeArguments);
    }

    private sealed class MethodGuaranteeComparer : IEqualityComparer<(IMethodSymbol Method, Guarantees Guarantee)>
    {
        public static readonly MethodGuaranteeComparer Instance = new();

        public bool Equals((IMethodSymbol Method, Guarantees Guarantee) x, (IMethodSymbol Method, Guarantees Guarantee) y) =>
            x.Guarantee == y.Guarantee && SymbolEqualityComparer.Default.Equals(x.Method, y.Method);

        public int GetHashCode((IMethodSymbol Method, Guarantees Guarantee) key) =>
            (SymbolEqualityComparer.Default.GetHashCode(key.Method) * 31) + (int)key.Guarantee;
    }
}
