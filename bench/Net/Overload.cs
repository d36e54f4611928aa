namespace Atoll.Bench.Net;

/// <summary>What is left of the goodput when twice as much comes as can be served.</summary>
/// <remarks>Rates are of the host's time, so only those of neighbouring seconds are compared, and the median of several counts.</remarks>
public static class Overload
{
    private const int Rounds = 5;
    private const int Window = 16;
    private const double Step = 1.25;
    private const double Load = 2;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1);

    /// <summary>Measures.</summary>
    /// <param name="goodput">What comes back in a second when so much is sent in a second.</param>
    /// <param name="first">A load that can be served.</param>
    /// <returns>Goodput at twice the load that gives most, over that at that load.</returns>
    public static double Measure(Func<double, double> goodput, double first)
    {
        double load = Peak(goodput, first);
        List<double> ratios = [];
        for (int round = 0; round < Rounds; round++)
        {
            double peak = goodput(load);
            ratios.Add(goodput(Load * load) / peak);
        }

        ratios.Sort();
        return Math.Round(ratios[Rounds / 2], 2);
    }

    /// <summary>The same of datagrams.</summary>
    public static double Measure(DatagramClient client) =>
        Measure(load => client.OpenLoop(load, s_time), client.ClosedLoop(Window, s_time));

    // Two steps without more goodput end the search: one may be the host's weather.
    private static double Peak(Func<double, double> goodput, double first)
    {
        double best = first;
        double most = goodput(first);
        int failures = 0;
        for (double load = first * Step; failures < 2; load *= Step)
        {
            double now = goodput(load);
            failures = now > most ? 0 : failures + 1;
            (best, most) = now > most ? (load, now) : (best, most);
        }

        return best;
    }
}
