using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Results;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0803.</summary>
public sealed class NameMissingArmsFixTests : CodeFixTests<SwitchNamesEveryResultAnalyzer, NameMissingArmsFix>
{
    private const string Declarations = "[MustUse] enum R { Sent, Full, Dead, Gone = Dead }";

    [Fact]
    public Task NamesThemInFrontOfDiscard() => FixesAsync(
        """
        [MustUse] enum R { Sent, Full, Dead, Gone = Dead }

        static class C
        {
            static bool Retry(R result) => result switch
            {
                // The ring drains.
                R.Full => true, // Try again.

                // All others.
                _ => false,
            };

            static int Code(R? result) => result switch { _ => 1 };

            static int Rank(R result, bool isLate) => result switch
            {
                R.Full or (R.Dead) => 1,
                R.Sent when isLate => 2,
                _ => 3 // Whatever else.
            };
        }
        """,
        """
        [MustUse] enum R { Sent, Full, Dead, Gone = Dead }

        static class C
        {
            static bool Retry(R result) => result switch
            {
                // The ring drains.
                R.Full => true, // Try again.

                // All others.
                R.Sent or R.Dead => false,
                _ => false,
            };

            static int Code(R? result) => result switch { R.Sent or R.Full or R.Dead => 1, _ => 1 };

            static int Rank(R result, bool isLate) => result switch
            {
                R.Full or (R.Dead) => 1,
                R.Sent when isLate => 2,
                R.Sent => 3,
                _ => 3 // Whatever else.
            };
        }
        """);

    [Fact]
    public Task NamesThemBesideDefault_OrAlone() => FixesAsync(
        """
        namespace Answers
        {
            [MustUse] enum R { Sent, Full, Dead }
        }

        static class C
        {
            static int M(Answers.R result)
            {
                switch (result)
                {
                    case Answers.R.Full:
                        return 1;

                    // All others.
                    default:
                        return 2;
                }
            }

            static void Count(ref int count, Answers.R result)
            {
                switch (result)
                {
                    case Answers.R.Full or Answers.R.Dead:
                        count++;
                        break;
                }
            }
        }
        """,
        """
        namespace Answers
        {
            [MustUse] enum R { Sent, Full, Dead }
        }

        static class C
        {
            static int M(Answers.R result)
            {
                switch (result)
                {
                    case Answers.R.Full:
                        return 1;

                    // All others.
                    case Answers.R.Sent:
                    case Answers.R.Dead:
                    default:
                        return 2;
                }
            }

            static void Count(ref int count, Answers.R result)
            {
                switch (result)
                {
                    case Answers.R.Full or Answers.R.Dead:
                        count++;
                        break;
                    case Answers.R.Sent:
                        break;
                }
            }
        }
        """);

    [Theory]
    // Nobody has said what happens to the others.
    [InlineData("static int M(R r) => r switch { R.Full => 1, R.Sent => 2 };")]
    // A case at the place of 'default' would come before the condition.
    [InlineData("static int M(R r, bool b) { switch (r) { default: return 1; case R.Full when b: return 2; } }")]
    // Covered already, though not by name.
    [InlineData("static int M(R r) => r switch { not R.Full => 1, _ => 2 };")]
    [InlineData("static int M(R r) { switch (r) { case > R.Sent: return 1; case R.Sent: return 2; } return 3; }")]
    public Task IsNotOffered(string member) => IsNotOfferedAsync(Declarations + " static class C { " + member + " }");
}
