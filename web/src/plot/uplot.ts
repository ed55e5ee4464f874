// The library that draws curves; a file of its own, which is loaded when the plotter is looked at.
import "uplot/dist/uPlot.min.css";
export { default } from "uplot";
