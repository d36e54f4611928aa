using System.Reflection;
using System.Runtime.Loader;
using Atoll.Mutants;

namespace Atoll.Cli.Tests.Mutants;

/// <summary>All mutants are compiled once; one that is on changes what the room does, one that never ends is stopped, and none that is off does anything.</summary>
public sealed class TrialTests
{
    // Each comment names what does not compile.
    private const string Source = """
        namespace Atoll.Sample;

        public static class Room
        {
            public static int Sum(int n)
            {
                int sum = 0;
                for (int i = 1; i <= n; i++)
                {
                    sum += i;
                }

                return sum;
            }

            public static int First(int n)
            {
                int found; // Without a value, when the assignment is left out.
                if (n > 3)
                {
                    found = 1;
                }
                else
                {
                    found = 2;
                }

                while (true) // No path returns, when it is false.
                {
                    if (found > 0)
                    {
                        return found;
                    }

                    found++;
                }
            }

            public static string Name(int n) => "n" + n; // Text has no difference.

            public static bool Unused(int n) => n == 1;

            public static bool Tried(int n, out int result) // Two ways out, neither of which has a value when the first statement is left out.
            {
                result = n % 3;
                if (n > 17)
                {
                    return n > 70;
                }

                return n > 60;
            }
        }
        """;

    private static readonly MutatedAssembly s_room = SampleRoom.Compile(Source, "Atoll.Sample.Trial");

    [Fact]
    public void WhatDoesNotCompile_IsNoMutant()
    {
        string[] made = [.. s_room.Mutants.Select(mutant => $"{mutant.Original} -> {mutant.Replacement}")];

        Assert.Contains("i++ -> i--", made);
        Assert.Contains("found++; -> found--;", made);
        Assert.DoesNotContain("found = 1; -> ;", made);
        Assert.DoesNotContain("result = n % 3; -> ;", made);
        Assert.Contains("n % 3 -> n * 3", made);
        Assert.Contains("n > 17 -> n < 17", made);
        Assert.DoesNotContain("true -> false", made);
        Assert.DoesNotContain(made, mutant => mutant.StartsWith("\"n\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Mutants_AreJudged()
    {
        Assembly room = new AssemblyLoadContext("sample").LoadFromStream(new MemoryStream(s_room.Image));
        Type type = room.GetType("Atoll.Sample.Room")!;
        int Call(string name, int n) => (int)type.GetMethod(name)!.Invoke(null, [n])!;
        Subject.Sum = n => Call("Sum", n);
        Subject.First = n => Call("First", n);

        var trial = new Trial(typeof(TrialTests).Assembly, room, name => name.Contains(nameof(Subject), StringComparison.Ordinal), s_room.Numbers);

        Assert.Equal(["Subject.First_IsTwo(3)", "Subject.Sum_IsTen"], trial.Tests.Select(test => test.Name).Order(StringComparer.Ordinal));
        Assert.StartsWith("Subject.Fails", Assert.Single(trial.Unusable), StringComparison.Ordinal);
        Assert.StartsWith("Subject.Sum_IsTen", trial.Judge(Id("i <= n", "i > n")), StringComparison.Ordinal);
        Assert.Contains("MutantNeverEnds", trial.Judge(Id("i++", "i--")), StringComparison.Ordinal);
        Assert.StartsWith("Subject.First_IsTwo", trial.Judge(Id("n > 3", "n >= 3")), StringComparison.Ordinal);
        Assert.Null(trial.Judge(Id("found > 0", "found >= 0")));
        Assert.Null(trial.Judge(Id("n == 1", "n != 1")));
        Assert.Null(trial.Spoiled());
    }

    private static int Id(string original, string replacement) =>
        s_room.Mutants.Single(mutant => mutant.Original == original && mutant.Replacement == replacement).Id;

    /// <summary>Tests that xunit does not find: the attributes are others, of the same name.</summary>
    public sealed class Subject
    {
        internal static Func<int, int> Sum { get; set; } = _ => 0;

        internal static Func<int, int> First { get; set; } = _ => 0;

        [LookAlike.Fact]
        public void Sum_IsTen() => Assert.Equal(10, Sum(4));

        [LookAlike.Theory]
        [LookAlike.Row(3)]
        public void First_IsTwo(int n) => Assert.Equal(2, First(n));

        [LookAlike.Fact]
        public void Fails() => Assert.Fail("as it is");
    }
}
