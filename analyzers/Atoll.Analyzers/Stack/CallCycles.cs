using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Stack;

/// <summary>Finds the cycles of a call graph.</summary>
internal static class CallCycles
{
    /// <summary>One shortest cycle for each strongly connected component, self-edges included.</summary>
    /// <remarks>
    /// Tarjan, "Depth-first search and linear graph algorithms" (SIAM J. Comput. 1972), with an explicit stack: a call
    /// chain in the analysed program must not become one in the compiler.
    /// </remarks>
    public static IEnumerable<IReadOnlyList<IMethodSymbol>> Find(CallGraph graph)
    {
        List<IMethodSymbol> callers = [.. graph.AllCallers];
        foreach (HashSet<IMethodSymbol> component in Components(graph, callers))
        {
            IMethodSymbol start = component.Count == 1 ? component.Single() : callers.First(component.Contains);
            if (ShortestCycle(graph, start, component) is { } cycle)
            {
                yield return cycle;
            }
        }
    }

    private static IEnumerable<HashSet<IMethodSymbol>> Components(CallGraph graph, List<IMethodSymbol> roots)
    {
        var order = new Dictionary<IMethodSymbol, int>(SymbolEqualityComparer.Default);
        var lowest = new Dictionary<IMethodSymbol, int>(SymbolEqualityComparer.Default);
        var open = new Stack<IMethodSymbol>();
        var isOpen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        var path = new Stack<(IMethodSymbol Body, IEnumerator<IMethodSymbol> Callees)>();

        foreach (IMethodSymbol root in roots)
        {
            if (!order.ContainsKey(root))
            {
                Enter(root);
            }

            while (path.Count > 0)
            {
                (IMethodSymbol body, IEnumerator<IMethodSymbol> callees) = path.Peek();
                if (callees.MoveNext())
                {
                    Visit(body, callees.Current);
                    continue;
                }

                path.Pop();
                if (path.Count > 0)
                {
                    Lower(path.Peek().Body, lowest[body]);
                }

                if (lowest[body] == order[body])
                {
                    yield return Close(body);
                }
            }
        }

        void Enter(IMethodSymbol body)
        {
            order[body] = lowest[body] = order.Count;
            open.Push(body);
            isOpen.Add(body);
            path.Push((body, graph.CalleesOf(body).Select(static callee => callee.Key).ToList().GetEnumerator()));
        }

        void Visit(IMethodSymbol body, IMethodSymbol callee)
        {
            if (!order.ContainsKey(callee))
            {
                Enter(callee);
            }
            else if (isOpen.Contains(callee))
            {
                Lower(body, order[callee]);
            }
        }

        void Lower(IMethodSymbol body, int candidate) => lowest[body] = Math.Min(lowest[body], candidate);

        HashSet<IMethodSymbol> Close(IMethodSymbol root)
        {
            var component = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
            IMethodSymbol member;
            do
            {
                member = open.Pop();
                isOpen.Remove(member);
                component.Add(member);
            }
            while (!SymbolEqualityComparer.Default.Equals(member, root));

            return component;
        }
    }

    // Breadth first, so that the message names no more functions than it has to. Null for a component of one without
    // self-edge.
    private static IReadOnlyList<IMethodSymbol>? ShortestCycle(
        CallGraph graph, IMethodSymbol start, HashSet<IMethodSymbol> component)
    {
        var cameFrom = new Dictionary<IMethodSymbol, IMethodSymbol>(SymbolEqualityComparer.Default);
        var pending = new Queue<IMethodSymbol>();
        pending.Enqueue(start);

        while (pending.Count > 0)
        {
            IMethodSymbol body = pending.Dequeue();
            foreach (KeyValuePair<IMethodSymbol, Location> call in graph.CalleesOf(body))
            {
                if (SymbolEqualityComparer.Default.Equals(call.Key, start))
                {
                    return Trace(body);
                }

                if (component.Contains(call.Key) && !cameFrom.ContainsKey(call.Key))
                {
                    cameFrom[call.Key] = body;
                    pending.Enqueue(call.Key);
                }
            }
        }

        return null;

        List<IMethodSymbol> Trace(IMethodSymbol last)
        {
            List<IMethodSymbol> cycle = [last];
            while (cameFrom.TryGetValue(cycle[cycle.Count - 1], out IMethodSymbol? caller))
            {
                cycle.Add(caller);
            }

            cycle.Reverse();
            return cycle;
        }
    }
}
