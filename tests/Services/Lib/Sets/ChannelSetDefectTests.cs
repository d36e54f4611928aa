using System.Reflection;
using Atoll.Planting;
using Atoll.Services.Lib;
using Xunit.Abstractions;

namespace Atoll.Services.Tests.Lib.Sets;

/// <summary>The tests of sets of channels find what they are for: compiled again in memory with a mistake in the library, one of them fails within a few seeds.</summary>
public sealed class ChannelSetDefectTests(ITestOutputHelper output)
{
    private const int SeedsMax = 200;
    private const int Ends = 120;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly (string Name, string File, string Find, string Replace)[] s_defects =
    [
        ("a death is not asked for", "ChannelSet", "            place.Channel.AskForPeer();\n", ""),
        ("an end sleeps that has not been told of its end", "ChannelSet", "(place.IsOver || !place.Channel.IsPeerGone) && ", ""),
        ("the end of the line is forgotten", "ChannelSet", "_last = _first == 0 ? 0 : _last;", ""),
        ("only four are taken", "ChannelSet", "if (taken.Word3 == 0)", "if (taken.Word0 != 0)"),
        ("the fourth is dropped", "ChannelSet", "            Heat(taken.Word3);\n", ""),
        ("who was rung says on that it sleeps", "ChannelSet", "place.Channel.Rise();", ""),
        ("an end stands in the line twice", "ChannelSet", "if (!place.IsHot)", "if (end < _count)"),
        ("what the dead had sent is lost", "ChannelSet", "if (place.Channel.HasMessage())", "if (!place.Channel.IsPeerGone && place.Channel.HasMessage())"),
        ("hot ends starve the others", "ChannelSet", "if (_looks == 0)", "if (_looks == uint.MaxValue)"),
        ("an end that is over stays over", "ChannelSet", "place.IsOver = result != ChannelResult.Done;", ""),
        ("an end is told twice", "ChannelSet", "place.IsOver |= isNews;", ""),
        ("later news replace earlier ones", "ChannelSet", "place.News |= (byte)(taken", "place.News = (byte)(taken"),
        ("news are dropped with the look", "ChannelSet", "if (place.News != 0 || !TrySleep(ref place))", "if (!TrySleep(ref place))"),
        ("an empty end is looked at for ever", "ChannelSet", "place.EmptyLooks++;", ""),
        ("a stranger's number names an end", "ChannelSet", "if (taken == 0 || end >= _count)", "if (taken == 0)"),
        ("who died before the program looked lives", "RingChannel", "_isPeerGone = state == ChannelState.PeerDied;", "_isPeerGone = false;"),
        ("an end that rests does not say so", "RingChannel", "        Announce();\n        if (!HasMessage())", "        if (!HasMessage())"),
    ];

    private static readonly PlantedSources s_sources = new(
        "Atoll.Defective",
        PlantedSources.Files(
            ["services/Lib", "tests/Services/Lib/Sets"],
            file => file.Contains("/Sockets/", StringComparison.Ordinal) || file.EndsWith("DefectTests.cs", StringComparison.Ordinal)
                || file is "services/Lib/Kernel/Stubs.cs" or "services/Lib/Kernel/ThreadBuffer.cs" or "services/Lib/Kernel/OwnWindow.cs"
                || file.Contains("/obj/", StringComparison.Ordinal)),
        ["System", "System.Collections.Generic", "System.Linq", "System.Threading", "Xunit"],
        name => !name.StartsWith("Atoll.Services", StringComparison.Ordinal));

    public static TheoryData<string> Defects => [.. s_defects.Select(defect => defect.Name)];

    /// <summary>Compiled the same way, without an edit.</summary>
    [Fact]
    public void SoundLibrary_Passes() => Assert.Null(s_sources.FindNothing(s_patience, assembly => FirstFailure(assembly, seeds: 20)));

    [Theory]
    [MemberData(nameof(Defects))]
    public void Defect_IsFound(string name)
    {
        (_, string file, string find, string replace) = s_defects.Single(defect => defect.Name == name);
        string source = $"services/Lib/Channels/{file}.cs";
        Assert.Null(s_sources.Fault(source, find, replace, mayRepeat: true));
        string? failure = s_sources.Find(source, find, replace, s_patience, assembly => FirstFailure(assembly, SeedsMax));
        Assert.True(failure is not null, $"not found in {SeedsMax} seeds: {name}");
        output.WriteLine(failure);
    }

    // Seeds first, then the single tests; null: nothing fails.
    private static string? FirstFailure(Assembly assembly, int seeds)
    {
        MethodInfo run = assembly.GetType(typeof(ChannelSetRun).FullName!)!.GetMethod(nameof(ChannelSetRun.Run), BindingFlags.Public | BindingFlags.Static)!;
        Type tests = assembly.GetType(typeof(ChannelSetTests).FullName!)!;
        IEnumerable<string?> simulated = Enumerable.Range(1, seeds)
            .Select(seed => Failure($"seed {seed}", () => run.Invoke(null, [seed, Ends])));
        IEnumerable<string?> single = tests.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.GetParameters().Length == 0 && !method.Name.StartsWith("AnyOrder", StringComparison.Ordinal))
            .Select(method => Failure(method.Name, () => method.Invoke(Activator.CreateInstance(tests), null)));
        return simulated.Concat(single).FirstOrDefault(failure => failure is not null);
    }

    private static string? Failure(string what, Action look)
    {
        using HostRegion.Scope memory = HostRegion.Begin();
        try
        {
            look();
            return null;
        }
        catch (TargetInvocationException failure)
        {
            return $"{what}: {failure.InnerException!.Message}";
        }
    }
}
