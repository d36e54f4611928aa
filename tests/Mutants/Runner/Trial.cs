using System.Diagnostics;
using System.Reflection;

namespace Atoll.Mutants;

/// <summary>The tests of a room, and the switch in it.</summary>
internal sealed class Trial
{
    private const long StepsFactor = 5;
    private const long StepsMore = 1_000_000;
    private const int StackBytes = 16 * 1024 * 1024;

    private readonly FieldInfo _active;
    private readonly FieldInfo _stepsLeft;
    private readonly FieldInfo _reached;
    private readonly List<TestCase> _tests = [];
    private readonly List<string> _unusable = [];

    /// <summary>Runs all tests once: what each reaches, and how long it takes.</summary>
    /// <param name="tests">The assembly of the tests.</param>
    /// <param name="room">The room that they run, with the switch.</param>
    /// <param name="isChosen">By full name: which of them must notice.</param>
    /// <param name="mutants">Numbers of mutants.</param>
    internal Trial(Assembly tests, Assembly room, Func<string, bool> isChosen, int mutants)
    {
        Type type = room.GetType(SwitchSource.TypeName)!;
        FieldInfo Field(string name) => type.GetField(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        (_active, _stepsLeft, _reached) = (Field("Active"), Field("StepsLeft"), Field("Reached"));
        foreach (TestCase test in TestCase.Find(tests, isChosen))
        {
            Measure(test, new bool[mutants]);
        }

        _reached.SetValue(null, null);
        _tests.Sort((first, second) => first.Duration.CompareTo(second.Duration));
    }

    /// <summary>Tests that run, the shortest first.</summary>
    internal IReadOnlyList<TestCase> Tests => _tests;

    /// <summary>Tests that fail here without any mutant, and so notice none.</summary>
    internal IReadOnlyList<string> Unusable => _unusable;

    /// <summary>Which test notices a mutant.</summary>
    /// <returns>Its name and what it says; null: none.</returns>
    internal string? Judge(int mutant)
    {
        _active.SetValue(null, mutant);
        string? found = _tests.Where(test => test.Reaches.Contains(mutant)).Select(Failure).FirstOrDefault(failure => failure is not null);
        _active.SetValue(null, -1);
        return found;
    }

    /// <summary>Whether all tests still pass without a mutant: one that fails may have left something behind.</summary>
    internal string? Spoiled() => _tests.Select(Failure).FirstOrDefault(failure => failure is not null);

    private string? Failure(TestCase test)
    {
        _stepsLeft.SetValue(null, (test.Steps * StepsFactor) + StepsMore);
        Exception? failure = InItsThread(test);
        return failure is null ? null : $"{test.Name}: {failure.GetType().Name}";
    }

    private void Measure(TestCase test, bool[] reached)
    {
        // Once to have it compiled and its fixtures made.
        _reached.SetValue(null, reached);
        _stepsLeft.SetValue(null, long.MaxValue);
        Exception? failure = InItsThread(test);
        if (failure is not null)
        {
            _unusable.Add($"{test.Name}: {failure.Message.Split('\n')[0]}");
            return;
        }

        test.Steps = long.MaxValue - (long)_stepsLeft.GetValue(null)!;
        test.Reaches = [.. Enumerable.Range(0, reached.Length).Where(id => reached[id])];
        _reached.SetValue(null, null);
        var clock = Stopwatch.StartNew();
        _ = InItsThread(test);
        test.Duration = clock.Elapsed;
        _tests.Add(test);
    }

    // What a test leaves behind in its thread goes with the thread.
    private static Exception? InItsThread(TestCase test)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = test.Run(), StackBytes);
        thread.Start();
        thread.Join();
        return failure;
    }
}
