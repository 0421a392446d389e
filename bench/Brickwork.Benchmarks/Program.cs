using Brickwork.Benchmarks;

// dotnet run -c Release --project bench/Brickwork.Benchmarks -- product [threads] [type …]
return args switch
{
    ["product", .. var rest] => ProductBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: product [threads] [type …]    matrix products in the shapes of a 1.1B model");
    return 2;
}
