using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>Everything that some methods reach, and what that makes of each: the least fixed point over the call graph.</summary>
internal sealed class CallClosure
{
    private readonly MethodWalk _walk = new();
    private readonly Dictionary<MethodBase, Node> _nodes = [];

    /// <summary>How many methods have been read.</summary>
    public int Count => _nodes.Count;

    /// <summary>Reads a method and all it reaches.</summary>
    public void Add(MethodBase root)
    {
        var pending = new Stack<MethodBase>([root]);
        while (pending.TryPop(out MethodBase? method))
        {
            if (!_nodes.ContainsKey(method))
            {
                MethodFacts facts = _walk.Read(method);
                _nodes.Add(method, new Node(facts));
                foreach (CallEdge call in facts.Calls)
                {
                    pending.Push(call.Callee);
                }
            }
        }
    }

    /// <summary>What is known of a method that was added, once <see cref="Solve"/> has run.</summary>
    public (Knowing Knowing, Assumptions Assumed) Of(MethodBase method) => (_nodes[method].Known, _nodes[method].Assumed);

    /// <summary>The shortest way from a method to one that by itself is as bad for [NoGC] as the method, or null where it is kept.</summary>
    public string? Why(MethodBase start)
    {
        Knowledge wanted = _nodes[start].Known.G;
        var ways = new Dictionary<MethodBase, string> { [start] = Name(start) };
        var pending = new Queue<MethodBase>(ways.Keys);
        while (wanted != Knowledge.Kept && pending.TryDequeue(out MethodBase? method))
        {
            MethodFacts facts = _nodes[method].Facts;
            if (facts.Own.G == wanted)
            {
                return ways[method];
            }

            foreach (CallEdge edge in facts.Calls.Where(edge => !edge.IsOnTheWayOut))
            {
                if (ways.TryAdd(edge.Callee, $"{ways[method]} → {Name(edge.Callee)}"))
                {
                    pending.Enqueue(edge.Callee);
                }
            }
        }

        return null;

        static string Name(MethodBase method) => $"{method.DeclaringType}.{method.Name}";
    }

    /// <summary>Carries what callees do to their callers until nothing changes.</summary>
    public void Solve()
    {
        MarkCycles();
        Dictionary<MethodBase, List<(MethodBase Caller, bool Out)>> callers = [];
        foreach ((MethodBase caller, Node node) in _nodes)
        {
            foreach (CallEdge edge in node.Facts.Calls)
            {
                (callers.TryGetValue(edge.Callee, out var list) ? list : callers[edge.Callee] = []).Add((caller, edge.IsOnTheWayOut));
            }
        }

        var pending = new Queue<MethodBase>(_nodes.Keys);
        while (pending.TryDequeue(out MethodBase? method))
        {
            Node node = _nodes[method];
            foreach ((MethodBase caller, bool isOut) in callers.GetValueOrDefault(method) ?? [])
            {
                Node above = _nodes[caller];
                Knowing known = above.Known.Worse(isOut ? node.Known.OnTheWayOut() : node.Known);
                Assumptions assumed = isOut ? above.Assumed : above.Assumed | node.Assumed;
                if (known != above.Known || assumed != above.Assumed)
                {
                    above.Known = known;
                    above.Assumed = assumed;
                    pending.Enqueue(caller);
                }
            }
        }
    }

    // Tarjan, with a stack of its own: whoever lies on a cycle recurses.
    private void MarkCycles()
    {
        int next = 0;
        var open = new Stack<MethodBase>();
        foreach (MethodBase root in _nodes.Keys)
        {
            if (_nodes[root].Index >= 0)
            {
                continue;
            }

            var frames = new Stack<(MethodBase Method, IEnumerator<CallEdge> Edges)>();
            Enter(root);
            while (frames.TryPeek(out var frame))
            {
                Node node = _nodes[frame.Method];
                if (frame.Edges.MoveNext())
                {
                    CallEdge edge = frame.Edges.Current;
                    Node callee = _nodes[edge.Callee];
                    if (edge.IsOnTheWayOut)
                    {
                        continue;
                    }

                    if (callee.Index < 0)
                    {
                        Enter(edge.Callee);
                    }
                    else if (callee.IsOpen)
                    {
                        node.Low = Math.Min(node.Low, callee.Index);
                        node.CallsItself |= callee == node;
                    }
                }
                else
                {
                    frames.Pop();
                    if (frames.TryPeek(out var above))
                    {
                        _nodes[above.Method].Low = Math.Min(_nodes[above.Method].Low, node.Low);
                    }

                    Close(node);
                }
            }

            void Enter(MethodBase method)
            {
                Node node = _nodes[method];
                node.Index = node.Low = next++;
                node.IsOpen = true;
                open.Push(method);
                frames.Push((method, node.Facts.Calls.GetEnumerator()));
            }
        }

        void Close(Node node)
        {
            if (node.Low != node.Index)
            {
                return;
            }

            List<Node> component = [];
            Node member;
            do
            {
                member = _nodes[open.Pop()];
                member.IsOpen = false;
                component.Add(member);
            }
            while (member != node);

            if (component.Count > 1 || node.CallsItself)
            {
                component.ForEach(one => one.Known = one.Known with { R = Knowledge.Broken });
            }
        }
    }

    private sealed class Node(MethodFacts facts)
    {
        public MethodFacts Facts { get; } = facts;

        public Knowing Known { get; set; } = facts.Own;

        public Assumptions Assumed { get; set; } = facts.Assumed;

        public int Index { get; set; } = -1;

        public int Low { get; set; }

        public bool IsOpen { get; set; }

        public bool CallsItself { get; set; }
    }
}
