namespace Atoll.Mutants;

/// <summary>What is compiled into the room beside its own files: the switch that turns one mutant on, so that all are compiled once.</summary>
/// <remarks>
/// It also counts: every place where a mutant could be is a step. A mutant that makes the product run for ever is stopped by an exception when a test has
/// taken many times the steps that it takes without a mutant, however busy the machine is.
/// </remarks>
internal static class SwitchSource
{
    /// <summary>Full name of the type.</summary>
    internal const string TypeName = "Atoll.MutantSwitch";

    /// <summary>Its text.</summary>
    internal const string Text = """
        namespace Atoll
        {
            internal sealed class MutantNeverEnds : System.Exception
            {
            }

            internal static class MutantSwitch
            {
                internal static int Active = -1;
                internal static long StepsLeft = long.MaxValue;
                internal static bool[] Reached = null;

                internal static bool Is(int mutant)
                {
                    if (--StepsLeft < 0)
                    {
                        throw new MutantNeverEnds();
                    }

                    bool[] reached = Reached;
                    if (reached != null)
                    {
                        reached[mutant] = true;
                    }

                    return mutant == Active;
                }
            }
        }
        """;
}
