using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Results;

/// <summary>Which answers a variable may hold that nobody has looked at, along the paths of one function.</summary>
/// <remarks>
/// Reported is an answer that the next answer replaces on some path on which nobody has read it, and one that no path reads. That
/// some path returns without reading it, or puts a value of its own in its place, is a decision that the text shows.
/// </remarks>
internal sealed class UnreadFlow : ForwardFlow
{
    // One bit for each place where a variable gets an answer. What comes after so many is not followed.
    private const int SitesMax = 30;

    private readonly Dictionary<ISymbol, List<IOperation>> _sites = new(SymbolEqualityComparer.Default);
    private readonly HashSet<IOperation> _read = [];
    private readonly HashSet<IOperation> _replaced = [];
    private readonly HashSet<CaptureId> _asked;
    private readonly Func<ISymbol, bool> _isFollowed;

    private UnreadFlow(ControlFlowGraph graph, Func<ISymbol, bool> isFollowed)
        : base(graph)
    {
        _isFollowed = isFollowed;
        _asked = [.. graph.Everything().OfType<IFlowCaptureOperation>()
            .Where(static capture => Question(capture.Value) is not null).Select(static capture => capture.Id)];
    }

    /// <summary>The questions whose answers got lost, in source order.</summary>
    public static IEnumerable<IOperation> Find(ControlFlowGraph graph, Func<ISymbol, bool> isFollowed)
    {
        var flow = new UnreadFlow(graph, isFollowed);
        flow.Run(PossibleStates.None);
        return flow._sites.Values.SelectMany(static sites => sites)
            .Where(site => flow._replaced.Contains(site) || !flow._read.Contains(site))
            .OrderBy(static site => site.Syntax.SpanStart);
    }

    /// <summary>The call that a variable's new value comes from, if it is one to look at.</summary>
    public static IOperation? Question(IOperation value) =>
        MustUse.Find(value) is IInvocationOperation or IFunctionPointerInvocationOperation ? MustUse.Find(value) : null;

    protected override PossibleStates Step(IOperation step, PossibleStates state) =>
        step switch
        {
            ISimpleAssignmentOperation { IsRef: false } assignment when Local(assignment.Target) is { } local =>
                Write(local, IsAsked(assignment.Value) ? assignment.Value : null, state),
            // What comes out beside another answer may mean nothing, and then nobody need read it.
            IArgumentOperation { Parameter.RefKind: RefKind.Out, Value: var given } when Local(given) is { } local =>
                Write(local, null, state),
            ILocalReferenceOperation reference when !reference.IsDeclaration && IsRead(reference) => Read(reference.Local, state),
            _ => state,
        };

    private bool IsAsked(IOperation value) =>
        value is IFlowCaptureReferenceOperation captured ? _asked.Contains(captured.Id) : Question(value) is not null;

    private PossibleStates Write(ILocalSymbol local, IOperation? site, PossibleStates state)
    {
        if (!_isFollowed(local))
        {
            return state;
        }

        List<IOperation> sites = SitesOf(local);
        for (int i = 0; i < sites.Count; i++)
        {
            if (site is not null && (state[local] & 1 << i) != 0)
            {
                _replaced.Add(sites[i]);
            }
        }

        if (site is not null && !sites.Contains(site) && sites.Count < SitesMax)
        {
            sites.Add(site);
        }

        int index = site is null ? -1 : sites.IndexOf(site);
        return state.With(local, index < 0 ? 0 : 1 << index);
    }

    private PossibleStates Read(ILocalSymbol local, PossibleStates state)
    {
        if (_sites.TryGetValue(local, out List<IOperation>? sites))
        {
            _read.UnionWith(sites.Where((_, i) => (state[local] & 1 << i) != 0));
        }

        return state.With(local, 0);
    }

    private List<IOperation> SitesOf(ILocalSymbol local)
    {
        if (!_sites.TryGetValue(local, out List<IOperation>? sites))
        {
            _sites.Add(local, sites = []);
        }

        return sites;
    }

    /// <summary>Says whether somebody looks at the variable here: <c>_ = x</c> is not looking.</summary>
    public static bool IsRead(ILocalReferenceOperation reference)
    {
        IOperation value = reference;
        while (value.Parent is IConversionOperation conversion)
        {
            value = conversion;
        }

        return !reference.IsOnlyWritten() && !reference.IsInNameOf()
            && value.Parent is not ISimpleAssignmentOperation { Target: IDiscardOperation };
    }

    private static ILocalSymbol? Local(IOperation place) =>
        place switch
        {
            ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } => local,
            IDeclarationExpressionOperation declaration => Local(declaration.Expression),
            _ => null,
        };
}
