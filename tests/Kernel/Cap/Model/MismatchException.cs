namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>The kernel did something else than the model, or an invariant does not hold.</summary>
public sealed class MismatchException(string message) : Exception(message)
{
    /// <summary>Says so unless it is true.</summary>
    public static void ThrowUnless(bool holds, string message)
    {
        if (!holds)
        {
            throw new MismatchException(message);
        }
    }

    /// <summary>Says so unless both are equal.</summary>
    public static void ThrowUnlessEqual<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new MismatchException($"{what}: expected {expected}, found {actual}");
        }
    }
}
