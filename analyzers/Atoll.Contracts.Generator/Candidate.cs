using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>A member with what its IL says, for any type arguments or for tame ones.</summary>
/// <param name="Definition">The member as it is declared.</param>
/// <param name="Probed">The instantiation that is run.</param>
/// <param name="Knowing">What the IL says of it.</param>
/// <param name="Tame">Numbers of type parameters that must be tame for that, the type's first.</param>
/// <param name="Assumed">What else it is clean under.</param>
internal sealed record Candidate(MethodBase Definition, MethodBase Probed, Knowing Knowing, IReadOnlyList<int> Tame, Assumptions Assumed);

/// <summary>Reads every member in the instantiations that can matter.</summary>
internal sealed class CandidateSearch
{
    private static readonly Type[] s_samples = [typeof(int), typeof(string), typeof(DayOfWeek), typeof(byte), typeof(char), typeof(double)];

    private readonly CallClosure _closure = new();

    /// <summary>Reads all members.</summary>
    public IReadOnlyList<Candidate> Run(IReadOnlyList<MethodBase> members)
    {
        List<(MethodBase Definition, List<Instance> Instances)> all = [.. members.Select(member => (member, Instances(member)))];
        foreach (Instance instance in all.SelectMany(one => one.Instances))
        {
            _closure.Add(instance.Method);
        }

        Console.Error.WriteLine($"{_closure.Count} methods read");
        _closure.Solve();
        return [.. all.Select(one => Choose(one.Definition, one.Instances)).OfType<Candidate>()];
    }

    /// <summary>Says in lines of text what the IL says of one member, in each instantiation, and why.</summary>
    public static IEnumerable<string> Explain(MethodBase member)
    {
        var search = new CandidateSearch();
        List<Instance> instances = Instances(member);
        instances.ForEach(one => search._closure.Add(one.Method));
        search._closure.Solve();
        IEnumerable<string> all = instances.Select(one => $"{one.Method}: {search._closure.Of(one.Method)} {search._closure.Why(one.Method)}");
        return search.Choose(member, instances) is { } candidate ? all.Append($"run: {Probe.Write(candidate.Probed, "P")}") : all;
    }

    private Candidate? Choose(MethodBase definition, List<Instance> instances)
    {
        List<Instance> whole = [.. instances.Where(one => !one.Method.ContainsGenericParameters)];
        if ((whole.FirstOrDefault(one => Probe.Write(one.Method, "P") is not null) ?? whole.FirstOrDefault()) is not { } probed)
        {
            return null;
        }

        (Knowing open, Assumptions assumed) = _closure.Of(definition);
        List<Instance> closed = [.. instances.Where(one => one.IsAllTame)];
        if (open.G != Knowledge.Unknown || closed.Count == 0 || !definition.ContainsGenericParameters)
        {
            return new Candidate(definition, probed.Method, open, [], assumed & ~Assumptions.Comparer);
        }

        Knowing tame = closed.Select(one => _closure.Of(one.Method).Knowing).Aggregate((one, other) => one.Worse(other));
        Assumptions assumedOfTame = closed.Select(one => _closure.Of(one.Method).Assumed).Aggregate((one, other) => one | other);

        // A parameter matters unless leaving it open changes nothing.
        int count = instances.Max(one => one.Open) + 1;
        IReadOnlyList<int> matters = [.. Enumerable.Range(0, Math.Max(count, Axioms.TypeArguments(definition).Length + Axioms.MethodArguments(definition).Length))
            .Where(index => !instances.Any(one => one.Open == index && _closure.Of(one.Method).Knowing == tame))];
        return new Candidate(definition, probed.Method, tame, matters, assumedOfTame);
    }

    private static List<Instance> Instances(MethodBase definition)
    {
        List<Instance> found = [new(definition, Open: -1, IsAllTame: false)];
        Type[] parameters = [.. Axioms.TypeArguments(definition), .. Axioms.MethodArguments(definition)];
        if (parameters.Length == 0)
        {
            return found;
        }

        foreach (Type sample in s_samples)
        {
            if (Construct(definition, [.. parameters.Select(_ => sample)]) is { } method)
            {
                found.Add(new Instance(method, Open: -1, IsAllTame: true));
                for (int index = 0; parameters.Length > 1 && index < parameters.Length; index++)
                {
                    if (Construct(definition, [.. parameters.Select((parameter, at) => at == index ? parameter : sample)]) is { } partly)
                    {
                        found.Add(new Instance(partly, Open: index, IsAllTame: false));
                    }
                }
            }
        }

        return found;
    }

    private static MethodBase? Construct(MethodBase definition, Type[] arguments)
    {
        try
        {
            int ofType = Axioms.TypeArguments(definition).Length;
            MethodBase method = definition;
            if (ofType > 0)
            {
                Type type = definition.DeclaringType!.MakeGenericType(arguments[..ofType]);
                const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
                method = type.GetMethods(Any).Cast<MethodBase>().Concat(type.GetConstructors(Any)).First(one => one.MetadataToken == definition.MetadataToken);
            }

            return method is MethodInfo { IsGenericMethodDefinition: true } generic ? generic.MakeGenericMethod(arguments[ofType..]) : method;
        }
        catch (Exception error) when (error is System.Security.VerificationException or ArgumentException or TypeLoadException or NotSupportedException)
        {
            return null;
        }
    }

    private sealed record Instance(MethodBase Method, int Open, bool IsAllTame);
}
