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
    private static readonly TimeSpan s_countedTime = TimeSpan.FromSeconds(2);

    // Longer than it takes to fill every buffer on the way.
    private static readonly TimeSpan s_overloadTime = TimeSpan.FromSeconds(10);

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

    /// <summary>
    /// The same of the guest alone: what it executes for each datagram that comes back. A machine whose work is counted is so slow that nothing but itself is its
    /// bound, so this does not depend on the host.
    /// </summary>
    /// <param name="machine">Counts.</param>
    /// <param name="client">Sends.</param>
    /// <returns>Work for each datagram when as many come as can be served, over that when twice as many come.</returns>
    public static double MeasureWork(NetMachine machine, DatagramClient client)
    {
        double peak = 0;
        double goodput = 0;
        ExecutedWork served = machine.Count(() => peak = client.ClosedLoop(Window, s_countedTime));
        ExecutedWork overloaded = machine.Count(() => goodput = client.OpenLoop(Load * peak, s_overloadTime));
        double each = served.Total / (peak * s_countedTime.TotalSeconds);
        double eachOverloaded = overloaded.Total / (goodput * s_overloadTime.TotalSeconds);
        return Math.Round(each / eachOverloaded, 2);
    }

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
